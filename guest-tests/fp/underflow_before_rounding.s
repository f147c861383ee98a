// Arm detects tininess before rounding: a product that rounds up to the smallest normal underflows.
	.include "test.inc"
	test	"tininess is detected before rounding"
	expect	s10, 0x00800000
	expect	x10, 0x18
	expect	s11, 0x00400000
	expect	x11, 0
	begin
	ldr	s0, =0x3f7fffff
	ldr	s1, =0x00800000
	fmov	s2, #0.5
	fmul	s10, s0, s1
	mrs	x10, fpsr
	msr	fpsr, xzr
	fmul	s11, s1, s2 // exact: denormal, but no underflow
	mrs	x11, fpsr
	finish
