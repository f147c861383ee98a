// FPSR keeps each exception flag until software clears it (Arm ARM, C5.2.10).
	.include "test.inc"
	test	"cumulative flags add up: DZC, IXC, OFC, UFC, IOC, IDC, and stay"
	expect	x10, 0x02
	expect	x11, 0x12
	expect	x12, 0x16
	expect	x13, 0x1e
	expect	x14, 0x1f
	expect	x15, 0x9f
	expect	x16, 0x9f
	expect	fpsr, 0
	begin
	fmov	s0, #1.0
	fmov	s1, wzr
	fmov	s2, #3.0
	ldr	s3, =0x7f7fffff
	ldr	s4, =0x00000001
	fdiv	s5, s0, s1
	mrs	x10, fpsr
	fdiv	s5, s0, s2
	mrs	x11, fpsr
	fadd	s5, s3, s3
	mrs	x12, fpsr
	fmul	s5, s4, s4
	mrs	x13, fpsr
	fdiv	s5, s1, s1
	mrs	x14, fpsr
	mov	x0, #(1 << 24)
	msr	fpcr, x0
	fadd	s5, s4, s0
	mrs	x15, fpsr
	fadd	s5, s0, s0
	mrs	x16, fpsr
	msr	fpsr, xzr
	finish
