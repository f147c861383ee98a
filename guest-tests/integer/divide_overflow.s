	.include "test.inc"
	test	"The most negative number divided by -1 is itself"
	expect	x0, 0x8000000000000000
	expect	x1, 0x80000000
	expect	x2, 0
	begin
	mov	x9, #-1
	mov	x10, #0x8000000000000000
	mov	w11, #0x80000000
	sdiv	x0, x10, x9
	sdiv	w1, w11, w9
	msub	x2, x0, x9, x10
	finish
