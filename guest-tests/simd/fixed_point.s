// Q15 arithmetic: products doubled, rounded, the top kept; only -1 times -1 does not fit.
	.include "test.inc"
	test	"SQDMULL, SQDMULH and SQRDMULH"
	expect_v	v2, 0, 0x7fff200020007ffe
	expect_v	v3, 0, 0x7fff200120007ffe
	expect_v	v4, 0xc000000020008000, 0x200000003fff8000
	expect	fpsr, 0x08000000
	expect	x1, 0
	begin
	ldr	d0, =0x8000400140007fff
	ldr	d1, =0x8000400040007fff
	sqdmull	v4.4s, v0.4h, v1.h[2]		// times 0x4000: all of them fit
	mrs	x1, fpsr
	sqdmulh	v2.4h, v0.4h, v1.4h
	sqrdmulh v3.4h, v0.4h, v1.4h
	finish
