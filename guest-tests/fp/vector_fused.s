// FMLA and FMLS add to their destination, fused; by element, one lane serves all.
	.include "test.inc"
	test	"FMLA, FMLS, FMUL, FMULX by vector and by element"
	expect	v10, 0x40e0000040e0000040e0000040e00000
	expect	v11, 0xc0a00000c0a00000c0a00000c0a00000
	expect	v13, 0x41000000410000004100000041000000
	expect	v14, 0xc0000000
	expect	v15, 0xc0a00000c0a00000
	expect	v16, 0x4030000000000000
	begin
	fmov	v0.4s, #2.0
	fmov	v1.4s, #3.0
	fmov	v10.4s, #1.0
	fmla	v10.4s, v0.4s, v1.4s
	fmov	v11.4s, #1.0
	fmls	v11.4s, v0.4s, v1.4s
	ldr	q2, =0x4080000000000000ff8000007fc00000 // 4, 0, -infinity, NaN
	fmul	v13.4s, v0.4s, v2.s[3]
	ldr	s3, =0xff800000
	fmulx	s14, s3, v2.s[2] // infinity times zero: two
	mov	v15.16b, v10.16b
	fmov	v15.2s, #1.0
	fmls	v15.2s, v0.2s, v1.s[3]
	fmov	v4.2d, #4.0
	fmov	d16, xzr
	fmla	d16, d4, v4.d[1]
	finish
