// A carry out of one element does not reach the next, whatever the size.
	.include "test.inc"
	test	"ADD and SUB keep carries within elements"
	expect_v	v2, 0, 0
	expect_v	v3, 0, 0
	expect_v	v4, 0, 0
	expect_v	v5, 0, 0
	expect_v	v6, 0x0100010001000100, 0x0100010001000100
	expect_v	v7, 0x0102020101010101, 0x0101010101010101
	begin
	movi	v0.16b, #0xff
	movi	v1.16b, #1
	add	v2.16b, v0.16b, v1.16b
	movi	v3.8h, #1
	add	v3.8h, v0.8h, v3.8h
	movi	v4.4s, #1
	add	v4.4s, v0.4s, v4.4s
	mov	x1, #1
	dup	v5.2d, x1
	add	v5.2d, v0.2d, v5.2d
	add	v6.8h, v0.8h, v1.8h
	ldr	q7, =0x00000100000000000000000000000000
	ldr	q16, =0xfffeffffffffffffffffffffffffffff
	sub	v7.16b, v7.16b, v16.16b
	finish
