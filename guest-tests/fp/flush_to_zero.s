// FPCR.FZ: denormal operands read as zero (IDC), denormal results become zero (UFC, not IXC).
	.include "test.inc"
	test	"FZ flushes operands and results, each with its own flag"
	expect	s10, 0x00000002
	expect	s11, 0x80000000
	expect	x11, 0x80
	expect	s12, 0
	expect	x12, 0x08
	expect	x13, 0x00
	expect	nzcv, 0b0110
	expect	x14, 0x80
	begin
	ldr	s0, =0x00000001
	ldr	s1, =0x80000001
	ldr	s2, =0x00800001
	ldr	s3, =0x00800000
	fadd	s10, s0, s0
	mrs	x13, fpsr
	mov	x0, #(1 << 24)
	msr	fpcr, x0
	fadd	s11, s1, s1
	mrs	x11, fpsr
	msr	fpsr, xzr
	fsub	s12, s2, s3
	mrs	x12, fpsr
	msr	fpsr, xzr
	fcmp	s0, #0.0
	mrs	x14, fpsr
	finish
