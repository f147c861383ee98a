// A row times a matrix, by multiplication with elements.
	.include "test.inc"
	test	"MUL, MLA and MLS by element"
	expect_v	v5, 0x0000006a0000005c, 0x0000004e0000003c
	expect_v	v6, 0x0000000000000000, 0x0000000000000000
	begin
	adr	x1, rows
	ld1	{v0.4s-v3.4s}, [x1], #64
	ld1	{v4.4s}, [x1]
	mul	v5.4s, v0.4s, v4.s[0]
	mla	v5.4s, v1.4s, v4.s[1]
	mla	v5.4s, v2.4s, v4.s[2]
	mla	v5.4s, v3.4s, v4.s[3]
	mov	v6.16b, v5.16b
	mls	v6.4s, v0.4s, v4.s[0]
	mls	v6.4s, v1.4s, v4.s[1]
	mls	v6.4s, v2.4s, v4.s[2]
	mls	v6.4s, v3.4s, v4.s[3]
	finish

	.section .rodata
	.balign	16
rows:	.word	1, 2, 3, 4			// 1 * (1 2 3 4) + 2 * (5 6 7 8) + ...
	.word	5, 6, 7, 8
	.word	3, 4, 5, 6
	.word	10, 13, 15, 17
	.word	1, 2, 3, 4
