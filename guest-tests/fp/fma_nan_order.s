// In FMADD the addend's NaN comes first; but infinity times zero is invalid even beside a quiet NaN (FPMulAdd).
	.include "test.inc"
	test	"FMADD: order of NaNs, and infinity * 0 + quiet NaN gives the default NaN"
	expect	s10, 0x7fc00033
	expect	s11, 0x7fc00011
	expect	s12, 0x7fc00000
	expect	s13, 0x7fc00044
	expect	x10, 0
	expect	x11, 1
	begin
	ldr	s0, =0x7fc00011
	ldr	s1, =0x7fc00022
	ldr	s2, =0x7fc00033
	ldr	s3, =0x7f800044
	ldr	s4, =0x7f800000
	fmov	s5, wzr
	fmov	s6, #1.0
	fmadd	s10, s0, s1, s2
	fmadd	s11, s0, s1, s6
	mrs	x10, fpsr
	fmadd	s12, s4, s5, s2
	mrs	x11, fpsr
	fmadd	s13, s4, s5, s3
	finish
