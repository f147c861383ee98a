// Each form of the modified immediate.
	.include "test.inc"
	test	"MOVI, MVNI, ORR and BIC with an immediate"
	expect_v	v0, 0x00ab000000ab0000, 0x00ab000000ab0000
	expect_v	v1, 0, 0xab00ab00ab00ab00
	expect_v	v2, 0x00abffff00abffff, 0x00abffff00abffff
	expect_v	v3, 0xff00ffff0000ff00, 0xff00ffff0000ff00
	expect_v	v4, 0, 0x00000000000000ff
	expect_v	v5, 0xffff54ffffff54ff, 0xffff54ffffff54ff
	expect_v	v6, 0xab0000ffab0000ff, 0xab0000ffab0000ff
	expect_v	v7, 0, 0x54ff54ff54ff54ff
	begin
	movi	v0.4s, #0xab, lsl #16
	movi	v1.4h, #0xab, lsl #8
	movi	v2.4s, #0xab, msl #16
	movi	v3.2d, #0xff00ffff0000ff00
	movi	v4.16b, #0xff
	movi	d4, #0xff
	mvni	v5.4s, #0xab, lsl #8
	movi	v6.4s, #0xff
	orr	v6.4s, #0xab, lsl #24
	movi	v7.16b, #0xff
	bic	v7.4h, #0xab, lsl #8
	finish
