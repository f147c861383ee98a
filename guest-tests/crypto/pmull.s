// Squares of polynomials over {0, 1} are their bits spread out: of all ones, every other bit.
	.include "test.inc"
	test	"PMULL and PMULL2 of 64 bits"
	needs	pmull
	expect_v	v1, 0x5555555555555555, 0x5555555555555555
	expect_v	v2, 0x4000000000000000, 0x0000000000000000
	expect_v	v3, 0, 0x000000000000001b
	begin
	movi	v0.16b, #0xff
	pmull	v1.1q, v0.1d, v0.1d
	mov	x1, #0x8000000000000000
	dup	v4.2d, x1
	ins	v4.d[0], xzr
	pmull2	v2.1q, v4.2d, v4.2d
	mov	x1, #5
	mov	x2, #7
	fmov	d5, x1
	fmov	d6, x2
	pmull	v3.1q, v5.1d, v6.1d		// (x^2 + 1)(x^2 + x + 1)
	finish
