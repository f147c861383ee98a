	.include "test.inc"
	test	"Stores of B, H, S, D and Q registers write their size"
	expect	x0, 0x01
	expect	x1, 0x0201
	expect	x2, 0x04030201
	expect	x3, 0x0807060504030201
	expect	x4, 0x100f0e0d0c0b0a09
	begin
	sub	x9, sp, #128
	ldr	q0, data
	stp	xzr, xzr, [x9]
	stp	xzr, xzr, [x9, #16]
	str	b0, [x9]
	str	h0, [x9, #8]
	str	s0, [x9, #16]
	str	d0, [x9, #24]
	str	q0, [x9, #32]
	ldp	x0, x1, [x9]
	ldp	x2, x3, [x9, #16]
	ldr	x4, [x9, #40]
	finish
	.balign	16
data:	.byte	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
