// Square roots, of numbers with and without one (Arm ARM, FPSqrt).
	.include "test.inc"
	test	"FSQRT: 2, a denormal, -0, -1, and in vectors"
	expect	d10, 0x3ff6a09e667f3bcd
	expect	s11, 0x1a3504f3
	expect	d12, 0x8000000000000000
	expect	s13, 0x7fc00000
	expect	v14, 0x40080000000000004000000000000000
	expect	fpsr, 0x11
	begin
	fmov	d0, #2.0
	ldr	s1, =0x00000001
	ldr	d2, =0x8000000000000000
	fmov	s3, #-1.0
	fmov	d4, #4.0
	mov	x0, #0x4022000000000000 // 9.0
	mov	v4.d[1], x0
	fsqrt	d10, d0
	fsqrt	s11, s1
	fsqrt	d12, d2
	fsqrt	s13, s3
	fsqrt	v14.2d, v4.2d
	finish
