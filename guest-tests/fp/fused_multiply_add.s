// FMADD rounds once: (1 + 2^-52)^2 - (1 + 2^-51) = 2^-104, which two roundings would lose.
	.include "test.inc"
	test	"FMADD, FMSUB, FNMADD, FNMSUB round once and negate what they should"
	expect	d10, 0x3970000000000000
	expect	d11, 0xc018000000000000
	expect	d12, 0x4020000000000000
	expect	d13, 0xc020000000000000
	expect	d14, 0xbff0000000000000
	expect	d15, 0xc01c000000000000
	expect	s16, 0x40e00000
	expect	fpsr, 0
	begin
	ldr	d0, =0x3ff0000000000001
	ldr	d1, =0xbff0000000000002
	fmadd	d10, d0, d0, d1
	fmov	d2, #2.0
	fmov	d3, #3.5
	fmov	d4, #1.0
	fmsub	d11, d2, d3, d4 // 1 - 7
	fnmsub	d12, d2, d3, d4 // 7 - 1, then + 2
	fadd	d12, d12, d2
	fnmadd	d13, d2, d3, d4 // -7 - 1
	fmsub	d14, d2, d4, d4 // 1 - 2
	fnmul	d15, d2, d3
	fmov	s2, #2.0
	fmov	s3, #3.0
	fmov	s4, #1.0
	fmadd	s16, s2, s3, s4
	finish
