// The loop of a C library's strlen: sixteen bytes at a time compared with zero, narrowed to four bits a
// byte, and the first of them found.
	.include "test.inc"
	test	"strlen by CMEQ and SHRN"
	expect	x0, 0
	expect	x1, 1
	expect	x2, 16
	expect	x3, 43
	begin
	adr	x10, empty
	bl	strlen
	mov	x0, x11
	adr	x10, one
	bl	strlen
	mov	x1, x11
	adr	x10, sixteen
	bl	strlen
	mov	x2, x11
	adr	x10, fox
	bl	strlen
	mov	x3, x11
	finish

// x11 = the length of the string at x10, which is aligned to 16.
strlen:	mov	x12, x10
1:	ld1	{v0.16b}, [x12], #16
	cmeq	v0.16b, v0.16b, #0
	umaxp	v1.16b, v0.16b, v0.16b
	fmov	x13, d1
	cbz	x13, 1b
	shrn	v0.8b, v0.8h, #4
	fmov	x13, d0
	rbit	x13, x13
	clz	x13, x13
	sub	x11, x12, x10
	sub	x11, x11, #16
	add	x11, x11, x13, lsr #2
	ret

	.section .rodata
	.balign	16
empty:	.asciz	""
	.balign	16
one:	.asciz	"1"
	.balign	16
sixteen: .asciz	"0123456789abcdef"
	.balign	16
fox:	.asciz	"The quick brown fox jumps over the lazy dog"
	.balign	16
