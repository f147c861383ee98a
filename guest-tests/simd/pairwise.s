// Pairs come from the first operand below, the second above; also where both are 64 bits long.
	.include "test.inc"
	test	"ADDP, SMAXP, UADDLP and the scalar ADDP"
	expect_v	v2, 0x0000000f0000000b, 0x0000000700000003
	expect_v	v3, 0, 0x0000000d00000003
	expect_v	v4, 0x0000000800000006, 0x0000000400000002
	expect_v	v5, 0x0000000000000007, 0x0000000000000003
	expect_v	v6, 0, 0x0000000600000004
	begin
	ldr	q0, =0x00000004000000030000000200000001
	ldr	q1, =0x00000008000000070000000600000005
	addp	v2.4s, v0.4s, v1.4s
	mov	v7.8b, v0.8b
	ext	v8.16b, v1.16b, v1.16b, #4	// 6, 7
	addp	v3.2s, v7.2s, v8.2s
	smaxp	v4.4s, v0.4s, v1.4s
	uaddlp	v5.2d, v0.4s
	addp	d6, v0.2d
	finish
