// Only the low byte of the amount counts; it is signed, and may be more than the element has bits.
	.include "test.inc"
	test	"SSHL, USHL and the rounding forms"
	expect_v	v2, 0xc0000000ffffffff, 0xffffffff00000000
	expect_v	v3, 0x4000000000000000, 0x0000000000000000
	expect_v	v4, 0xc000000000000000, 0x0000000000000000
	expect_v	v5, 0x4000000000000001, 0x0000000000000000
	begin
	ldr	q0, =0x80000000800000008000000000000001
	ldr	q1, =0x123456ff000000e000000080ffffff20
	sshl	v2.4s, v0.4s, v1.4s		// by -1, -32, -128, 32
	ushl	v3.4s, v0.4s, v1.4s
	srshl	v4.4s, v0.4s, v1.4s
	urshl	v5.4s, v0.4s, v1.4s
	finish
