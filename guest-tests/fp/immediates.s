// An 8-bit immediate stands for +-(16..31)/16 * 2^(-3..4) (Arm ARM, VFPExpandImm).
	.include "test.inc"
	test	"FMOV immediates, scalar and vector"
	expect	v10, 0x3f800000
	expect	v11, 0xc03f000000000000
	expect	v12, 0x3e0000003e0000003e0000003e000000
	expect	v13, 0xbff8000000000000bff8000000000000
	expect	v14, 0x41f8000041f80000
	begin
	fmov	s10, #1.0
	fmov	d11, #-31.0
	fmov	v12.4s, #0.125
	fmov	v13.2d, #-1.5
	fmov	v14.2s, #31.0
	finish
