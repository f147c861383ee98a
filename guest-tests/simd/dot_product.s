// SDOT and UDOT add four products of bytes to each word, by vector and by a group of four bytes.
	.include "test.inc"
	test	"SDOT and UDOT"
	needs	dotprod
	expect_v	v2, 0x0001000500000005, 0xfffffe090000000f
	expect_v	v3, 0x0001000500000005, 0x0001fa090000000f
	expect_v	v4, 0, 0xfffffffb00000008
	begin
	movi	v2.4s, #5
	mov	v3.16b, v2.16b
	ldr	q0, =0x8080808000000000ffffffff04030201
	ldr	q1, =0x80808080ffffffff7f7f7f7f01010101
	sdot	v2.4s, v0.16b, v1.16b
	udot	v3.4s, v0.16b, v1.16b
	movi	v4.2d, #0
	ldr	d5, =0x000000ff01010101
	ldr	q6, =0x00000000010101050000000000000000
	sdot	v4.2s, v5.8b, v6.4b[2]		// 5 + 1 + 1 + 1; -1 * 5
	finish
