// A matrix of 4 by 4 words transposed by TRN1 and TRN2 of words, then of doublewords.
	.include "test.inc"
	test	"transpose by TRN"
	expect_v	v4, 0x0000003000000020, 0x0000001000000000
	expect_v	v5, 0x0000003100000021, 0x0000001100000001
	expect_v	v6, 0x0000003200000022, 0x0000001200000002
	expect_v	v7, 0x0000003300000023, 0x0000001300000003
	begin
	adr	x1, matrix
	ld1	{v0.4s-v3.4s}, [x1]
	trn1	v16.4s, v0.4s, v1.4s
	trn2	v17.4s, v0.4s, v1.4s
	trn1	v18.4s, v2.4s, v3.4s
	trn2	v19.4s, v2.4s, v3.4s
	trn1	v4.2d, v16.2d, v18.2d
	trn1	v5.2d, v17.2d, v19.2d
	trn2	v6.2d, v16.2d, v18.2d
	trn2	v7.2d, v17.2d, v19.2d
	finish

	.section .rodata
	.balign	16
matrix:	.word	0x00, 0x01, 0x02, 0x03
	.word	0x10, 0x11, 0x12, 0x13
	.word	0x20, 0x21, 0x22, 0x23
	.word	0x30, 0x31, 0x32, 0x33
