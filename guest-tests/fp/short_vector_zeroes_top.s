// A 64-bit vector result zeroes the upper half of the register.
	.include "test.inc"
	test	"2S forms zero the upper 64 bits"
	expect	v10, 0x4000000040000000
	expect	v11, 0xbf800000bf800000
	expect	v12, 0xffffffffffffffff
	expect	v13, 0x3f8000003f800000
	expect	v14, 0x3f8000003f800000
	begin
	fmov	v0.4s, #1.0
	.irp	n, 10,11,12,13,14
	fmov	v\n\().2d, #-3.5
	.endr
	fadd	v10.2s, v0.2s, v0.2s
	fneg	v11.2s, v0.2s
	fcmeq	v12.2s, v0.2s, v0.2s
	fmul	v13.2s, v0.2s, v0.s[3]
	fmov	v14.2s, #1.0
	finish
