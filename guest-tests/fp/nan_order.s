// Which NaN a result is: a signalling one before a quiet one, then the first operand (Arm ARM, FPProcessNaNs).
	.include "test.inc"
	test	"NaNs propagate in Arm's order, quietened, with their sign and payload"
	expect	s10, 0x7fc00011
	expect	s11, 0xffc00022
	expect	s12, 0x7fc00033
	expect	s13, 0x7fc00033
	expect	s14, 0xffc00022
	expect	s15, 0x7fc00011
	expect	x10, 0
	expect	fpsr, 1
	begin
	fmov	s0, #1.0
	ldr	s1, =0x7fc00011
	ldr	s2, =0xffc00022
	ldr	s3, =0x7f800033
	ldr	s4, =0xff800044
	fadd	s10, s1, s2
	fmul	s11, s0, s2
	fsub	s14, s0, s2
	fdiv	s15, s1, s0
	mrs	x10, fpsr
	fadd	s12, s1, s3
	fadd	s13, s3, s4
	finish
