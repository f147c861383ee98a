	.include "test.inc"
	test	"MOVZ, MOVN and MOVK build a constant; the 32-bit forms clear the upper half"
	expect	x0, 0x123456789abcdef0
	expect	x1, 0xffffffff
	expect	x2, 0xffffedcbffffffff
	expect	x3, 0x1234ffff
	begin
	movz	x0, #0xdef0
	movk	x0, #0x9abc, lsl #16
	movk	x0, #0x5678, lsl #32
	movk	x0, #0x1234, lsl #48
	movn	w1, #0
	movn	x2, #0x1234, lsl #32
	movn	x3, #0
	movk	w3, #0x1234, lsl #16
	finish
