// SHA-1 of "abc" (FIPS 180-4): five times four rounds of each function.
	.include "test.inc"
	test	"SHA-1 of abc"
	needs	sha1
	expect_v	v0, 0x7850c26cba3e2571, 0x4706816aa9993e36
	expect	x0, 0x9cd0d89d
	begin
	adr	x1, initial
	ld1	{v0.4s}, [x1], #16
	ld1	{v4.4s-v7.4s}, [x1], #64
	rev32	v4.16b, v4.16b
	rev32	v5.16b, v5.16b
	rev32	v6.16b, v6.16b
	rev32	v7.16b, v7.16b
	mov	v16.16b, v0.16b
	ldr	s1, =0xc3d2e1f0

	.macro	rounds function
	ld1r	{v20.4s}, [x1], #4
	.rept	5
	add	v2.4s, v4.4s, v20.4s
	sha1h	s3, s0
	\function q0, s1, v2.4s
	mov	v1.16b, v3.16b
	sha1su0	v4.4s, v5.4s, v6.4s
	sha1su1	v4.4s, v7.4s
	mov	v18.16b, v4.16b
	mov	v4.16b, v5.16b
	mov	v5.16b, v6.16b
	mov	v6.16b, v7.16b
	mov	v7.16b, v18.16b
	.endr
	.endm
	rounds	sha1c
	rounds	sha1p
	rounds	sha1m
	rounds	sha1p
	add	v0.4s, v0.4s, v16.4s
	fmov	w0, s1
	ldr	w2, =0xc3d2e1f0
	add	w0, w0, w2
	finish

	.section .rodata
	.balign	16
initial: .word	0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476
	.ascii	"abc\x80"
	.skip	59
	.byte	24
	.word	0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6
