// The larger of two by comparison and BSL, BIT, BIF: the same as SMAX.
	.include "test.inc"
	test	"BSL, BIT and BIF select"
	expect_v	v3, 0x0000000500000001, 0x7fffffff00000000
	expect_v	v4, 0x0000000500000001, 0x7fffffff00000000
	expect_v	v5, 0x0000000500000001, 0x7fffffff00000000
	expect_v	v6, 0x0000000500000001, 0x7fffffff00000000
	begin
	ldr	q0, =0x00000005ffffffff7fffffff80000000
	ldr	q1, =0xfffffffb000000018000000000000000
	cmgt	v2.4s, v0.4s, v1.4s
	mov	v3.16b, v2.16b
	bsl	v3.16b, v0.16b, v1.16b
	mov	v4.16b, v1.16b
	bit	v4.16b, v0.16b, v2.16b
	mov	v5.16b, v0.16b
	bif	v5.16b, v1.16b, v2.16b
	smax	v6.4s, v0.4s, v1.4s
	finish
