// FPCR.DN replaces every NaN by the default one (Arm ARM, FPProcessNaN).
	.include "test.inc"
	test	"with DN all NaN results are the default NaN; FNEG and FABS still move bits alone"
	expect	s10, 0x7fc00000
	expect	d11, 0x7ff8000000000000
	expect	s12, 0x7fc00000
	expect	s13, 0x7fc00022
	expect	s14, 0xff800033
	expect	d15, 0x7ff8000000000000
	expect	fpsr, 1
	begin
	mov	x0, #(1 << 25)
	msr	fpcr, x0
	fmov	s0, #1.0
	ldr	s1, =0xffc00022
	ldr	s2, =0x7f800033
	ldr	d3, =0xfff8000000000055
	fadd	s10, s1, s0
	fsqrt	d11, d3
	fmax	s12, s0, s2
	fabs	s13, s1
	fneg	s14, s2
	fcvt	d15, s1
	finish
