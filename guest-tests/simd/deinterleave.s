// Pixels of three bytes: LD3 separates the colours, ST3 puts them back in another order.
	.include "test.inc"
	test	"LD3 and ST3 exchange red and blue"
	expect_v	v0, 0x2d2a2724211e1b18, 0x15120f0c09060300
	expect_v	v1, 0x2e2b2825221f1c19, 0x1613100d0a070401
	expect_v	v2, 0x2f2c292623201d1a, 0x1714110e0b080502
	expect_v	v10, 0x110c0d0e090a0b06, 0x0708030405000102
	expect_v	v12, 0x2d2e2f2a2b2c2728, 0x292425262122231e
	begin
	adr	x1, pixels
	movz	x2, #0x4100, lsl #16
	ld3	{v0.16b, v1.16b, v2.16b}, [x1]
	mov	v5.16b, v0.16b
	mov	v4.16b, v1.16b
	mov	v3.16b, v2.16b
	st3	{v3.16b, v4.16b, v5.16b}, [x2]
	ld1	{v10.16b, v11.16b, v12.16b}, [x2]
	finish

	.section .rodata
	.balign	16
pixels:	.set	n, 0
	.rept	48
	.byte	n
	.set	n, n + 1
	.endr
