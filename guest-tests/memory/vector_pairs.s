	.include "test.inc"
	test	"LDP and STP of S, D and Q registers"
	expect	v0, 0x00112233445566778899aabbccddeeff
	expect	v1, 0x0123456789abcdef0011223344556677
	expect	v2, 0xccddeeff
	expect	v3, 0x8899aabb
	expect	v4, 0x8899aabbccddeeff
	expect	v5, 0x0011223344556677
	expect	x9, data + 32
	begin
	adr	x10, data
	ldp	q6, q7, [x10]
	stp	q6, q7, [sp, #-32]!
	ldp	q0, q1, [sp], #32
	ldp	s2, s3, [x10]
	stp	d6, d1, [sp, #-16]!
	ldp	d4, d5, [sp], #16
	mov	x9, x10
	ldp	q6, q7, [x9], #32
	finish
	.balign	16
data:	.8byte	0x8899aabbccddeeff, 0x0011223344556677, 0x0011223344556677, 0x0123456789abcdef
