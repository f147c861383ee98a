// Sums and extremes across lanes, long and of the element's size.
	.include "test.inc"
	test	"ADDV, SADDLV, UADDLV, SMAXV, UMINV"
	expect_v	v1, 0, 0xf8
	expect_v	v2, 0, 0xfff8
	expect_v	v3, 0, 0x07f8
	expect_v	v4, 0, 0x7f
	expect_v	v5, 0, 0x00
	expect_v	v6, 0, 0x00000003fffffffc
	begin
	ldr	d0, =0xffffffffffffffff
	addv	b1, v0.8b
	saddlv	h2, v0.8b
	uaddlv	h3, v0.8b
	ldr	q7, =0x807f00ff000000000000000000000000
	smaxv	b4, v7.16b
	uminv	b5, v7.16b
	movi	v8.16b, #0xff
	uaddlv	d6, v8.4s
	finish
