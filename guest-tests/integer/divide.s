	.include "test.inc"
	test	"UDIV and SDIV round towards zero"
	expect	x0, 3
	expect	x1, 0xfffffffffffffffd
	expect	x2, 0xfffffffd
	expect	x3, 0x5555555555555553
	begin
	mov	x9, #10
	mov	x10, #3
	udiv	x0, x9, x10
	mov	x11, #-10
	sdiv	x1, x11, x10
	sdiv	w2, w9, w12
	mov	w12, #-3
	sdiv	w2, w9, w12
	mov	x11, #-6
	udiv	x3, x11, x10
	finish
