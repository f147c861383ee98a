// FPCR.AHP: a half without infinities and NaNs, whose numbers reach 131008.
	.include "test.inc"
	test	"the alternative half-precision format"
	expect	h10, 0x7fff
	expect	x10, 0
	expect	h11, 0x7fff
	expect	x11, 1
	expect	h12, 0x8000
	expect	s13, 0x47800000
	begin
	mov	x0, #(1 << 26)
	msr	fpcr, x0
	ldr	s0, =0x47ffe000 // 131008
	fcvt	h10, s0
	mrs	x10, fpsr
	ldr	s1, =0x48000000 // 131072
	fcvt	h11, s1
	mrs	x11, fpsr
	ldr	s2, =0xffc00001
	fcvt	h12, s2
	ldr	s3, =0x7c00
	fcvt	s13, h3
	finish
