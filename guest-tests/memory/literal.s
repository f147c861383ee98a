	.include "test.inc"
	test	"Literal loads: words, sign-extended words, doublewords, S, D and Q registers"
	expect	x0, 0x89abcdef
	expect	x1, 0xffffffff89abcdef
	expect	x2, 0x0123456789abcdef
	expect	v3, 0x00000000000000000000000089abcdef
	expect	v4, 0x00000000000000000123456789abcdef
	expect	v5, 0x00112233445566770123456789abcdef
	begin
	b	1f
	.balign	16
before:	.8byte	0x0123456789abcdef, 0x0011223344556677
1:	ldr	w0, before
	ldrsw	x1, before
	ldr	x2, after
	ldr	s3, before
	ldr	d4, after
	ldr	q5, before
	finish
	.balign	8
after:	.8byte	0x0123456789abcdef
