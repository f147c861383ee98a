// Every write of a 64-bit vector, a scalar or a load of one zeroes the rest of the register.
	.include "test.inc"
	test	"64-bit forms zero the upper half"
	expect_v	v0, 0, 0xfefefefefefefefe
	expect_v	v1, 0, 0xffffffffffffffff
	expect_v	v2, 0, 0x0101010101010101
	expect_v	v3, 0, 0xfffffffffffffffe
	expect_v	v4, 0, 0xff
	expect_v	v5, 0, 0x8000000000000000
	expect_v	v6, 0, 0xffffffff00000000
	begin
	movi	v31.16b, #0xff
	mov	v0.16b, v31.16b
	mov	v1.16b, v31.16b
	mov	v2.16b, v31.16b
	mov	v3.16b, v31.16b
	mov	v4.16b, v31.16b
	mov	v5.16b, v31.16b
	mov	v6.16b, v31.16b
	add	v0.8b, v31.8b, v31.8b
	orr	v1.8b, v31.8b, v31.8b
	neg	v2.8b, v31.8b
	add	d3, d31, d31
	mov	b4, v31.b[9]
	shl	d5, d31, #63
	bic	v6.2s, #0
	movi	d7, #0xffffffff
	bic	v6.8b, v31.8b, v7.8b
	finish
