// The sign of an exact zero sum depends on the rounding mode (Arm ARM, FPAdd).
	.include "test.inc"
	test	"x - x is +0, but -0 when rounding towards minus infinity"
	expect	d10, 0
	expect	d11, 0
	expect	d12, 0x8000000000000000
	expect	d13, 0
	expect	d14, 0x8000000000000000
	expect	fpsr, 0
	begin
	fmov	d0, #1.5
	fmov	d1, xzr
	fneg	d2, d1
	.irp	mode, 0, 1, 2, 3
	mov	x0, #(\mode << 22)
	msr	fpcr, x0
	fsub	d1\mode, d0, d0
	.endr
	fadd	d14, d2, d2
	finish
