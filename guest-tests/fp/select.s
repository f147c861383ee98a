// FCSEL moves bits: a signalling NaN stays one.
	.include "test.inc"
	test	"FCSEL chooses by condition and touches neither NaN nor FPSR"
	expect	s10, 0x7f800001
	expect	d11, 0x4000000000000000
	expect	fpsr, 0
	begin
	ldr	s0, =0x7f800001
	fmov	s1, #1.0
	fmov	d2, #1.0
	fmov	d3, #2.0
	cmp	x1, x1
	fcsel	s10, s0, s1, eq
	fcsel	d11, d2, d3, ne
	finish
