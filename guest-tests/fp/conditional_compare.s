// FCCMP compares if its condition holds, else sets the flags that it carries.
	.include "test.inc"
	test	"FCCMP and FCCMPE: comparison, or the immediate without any flag of FPSR"
	expect	x10, 0x80000000
	expect	x11, 0xf0000000
	expect	x12, 0
	expect	x13, 0x30000000
	expect	x14, 1
	begin
	fmov	s0, #1.0
	fmov	s1, #2.0
	ldr	s2, =0x7fc00000
	fcmp	s0, s0
	fccmp	s0, s1, #0, eq
	mrs	x10, nzcv
	fcmp	s0, s0
	fccmpe	s0, s2, #15, ne
	mrs	x11, nzcv
	mrs	x12, fpsr
	fcmp	s0, s0
	fccmpe	s0, s2, #0, eq
	mrs	x13, nzcv
	mrs	x14, fpsr
	finish
