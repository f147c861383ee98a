// Comparisons make masks. An ordered comparison with a quiet NaN is invalid, equality is not.
	.include "test.inc"
	test	"FCMEQ, FCMGE, FCMGT, FACGE, FACGT and comparisons with zero"
	expect	v10, 0x0000000000000000ffffffff00000000
	expect	v11, 0xffffffff00000000ffffffff00000000
	expect	v12, 0xffffffff000000000000000000000000
	expect	v13, 0xffffffff00000000ffffffffffffffff
	expect	v14, 0x00000000000000000000000000000000
	expect	v15, 0x0000000000000000ffffffff00000000
	expect	v16, 0x000000000000000000000000ffffffff
	expect	v17, 0xffffffffffffffff
	expect	x10, 0
	expect	x11, 1
	begin
	ldr	q0, =0x400000007fc0000000000000bf800000 // 2, NaN, 0, -1
	ldr	q1, =0x3f8000003f800000800000003f800000 // 1, 1, -0, 1
	fcmeq	v10.4s, v0.4s, v1.4s
	fcmeq	v15.4s, v0.4s, #0.0
	mrs	x10, fpsr
	fcmge	v11.4s, v0.4s, v1.4s
	mrs	x11, fpsr
	fcmgt	v12.4s, v0.4s, v1.4s
	facge	v13.4s, v0.4s, v1.4s
	facgt	v14.4s, v1.4s, v0.4s
	fcmlt	v16.4s, v0.4s, #0.0
	fmov	d2, #-1.0
	fcmle	d17, d2, #0.0
	finish
