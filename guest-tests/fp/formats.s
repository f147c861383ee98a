// FCVT among half, single and double: rounding, NaN payloads, denormals.
	.include "test.inc"
	test	"FCVT between half, single and double"
	expect	d10, 0xbff8000000000000
	expect	s11, 0x7f800000
	expect	h12, 0x7bff
	expect	h13, 0x7c00
	expect	s14, 0x33800000
	expect	d15, 0x7ff8040000000000
	expect	h16, 0xfe01
	expect	s17, 0x3f800001
	expect	fpsr, 0x15
	begin
	fmov	s0, #-1.5
	fcvt	d10, s0
	ldr	d1, =0x7fefffffffffffff
	fcvt	s11, d1
	ldr	s2, =0x477fe000 // 65504
	fcvt	h12, s2
	ldr	s3, =0x477ff000 // 65520
	fcvt	h13, s3
	ldr	s4, =0x0001
	fcvt	s14, h4
	ldr	s5, =0x7c01 // a signalling NaN
	fcvt	d15, h5
	ldr	s6, =0xffc02000
	fcvt	h16, s6
	ldr	d7, =0x3ff0000010000001
	fcvt	s17, d7
	finish
