	.include "test.inc"
	test	"Division by zero gives zero, without an exception"
	expect	x0, 0
	expect	x1, 0
	expect	x2, 0
	expect	x3, 0
	begin
	mov	x0, #1
	mov	x1, #1
	mov	x2, #1
	mov	x3, #1
	mov	x9, #-1
	udiv	x0, x9, xzr
	sdiv	x1, x9, xzr
	udiv	w2, w9, wzr
	mov	x8, #0x100000000
	sdiv	w3, w9, w8
	finish
