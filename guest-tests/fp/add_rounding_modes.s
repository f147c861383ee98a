// 1 + 2^-24 lies halfway between two numbers: each rounding mode decides for itself (Arm ARM, FPRound).
	.include "test.inc"
	test	"FADD rounds as FPCR.RMode says, on either side of zero"
	expect	s10, 0x3f800000
	expect	s11, 0x3f800001
	expect	s12, 0x3f800000
	expect	s13, 0x3f800000
	expect	s20, 0xbf800000
	expect	s21, 0xbf800000
	expect	s22, 0xbf800001
	expect	s23, 0xbf800000
	expect	fpcr, 3 << 22
	expect	fpsr, 0x10
	begin
	fmov	s0, #1.0
	ldr	s1, =0x33800000
	fneg	s2, s0
	fneg	s3, s1
	.irp	mode, 0, 1, 2, 3
	mov	x0, #(\mode << 22)
	msr	fpcr, x0
	fadd	s1\mode, s0, s1
	fadd	s2\mode, s2, s3
	.endr
	finish
