	.include "test.inc"
	test	"Stores of each size change their own bytes alone"
	expect	x0, 0xffffffffffffff11
	expect	x1, 0xffffffff2222ffff
	expect	x2, 0x33333333ffffffff
	expect	x3, 0x4444444444444444
	expect	x4, 0
	begin
	sub	sp, sp, #48
	mov	x9, #-1
	str	x9, [sp]
	str	x9, [sp, #8]
	str	x9, [sp, #16]
	str	x9, [sp, #32]
	mov	x10, #0x1111111111111111
	strb	w10, [sp]
	add	x10, x10, x10
	strh	w10, [sp, #10]
	mov	x11, #0x3333333333333333
	str	w11, [sp, #20]
	add	x10, x10, x10
	str	x10, [sp, #24]
	str	xzr, [sp, #32]
	ldp	x0, x1, [sp]
	ldp	x2, x3, [sp, #16]
	ldr	x4, [sp, #32]
	add	sp, sp, #48
	finish
