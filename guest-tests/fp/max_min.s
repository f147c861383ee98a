// FMAX and FMIN tell zeros apart and pass NaNs on; FMAXNM and FMINNM prefer a number to a quiet NaN.
	.include "test.inc"
	test	"FMAX, FMIN, FMAXNM, FMINNM with zeros, NaNs and numbers"
	expect	s10, 0x00000000
	expect	s11, 0x80000000
	expect	s12, 0x7fc00011
	expect	s13, 0x3f800000
	expect	s14, 0x3f800000
	expect	s15, 0x7fc00022
	expect	x15, 1
	expect	v16, 0x400000003f800000bf8000003f800000
	expect	x14, 0
	begin
	fmov	s0, wzr
	fneg	s1, s0
	fmov	s2, #1.0
	ldr	s3, =0x7fc00011
	ldr	s4, =0x7f800022
	fmax	s10, s1, s0
	fmin	s11, s0, s1
	fmax	s12, s2, s3
	fmaxnm	s13, s2, s3
	fminnm	s14, s3, s2
	mrs	x14, fpsr
	fmaxnm	s15, s2, s4
	mrs	x15, fpsr
	ldr	q5, =0x3f8000003f800000bf8000003f800000
	ldr	q6, =0x40000000bf800000c00000007fc00000
	fmaxnm	v16.4s, v5.4s, v6.4s
	finish
