// What does not fit becomes the nearest integer that does; NaN becomes 0; both are invalid, not inexact.
	.include "test.inc"
	test	"conversions to integers saturate with IOC"
	expect	x10, 0x7fffffff
	expect	x11, 0x80000000
	expect	x12, 0x7fffffffffffffff
	expect	x13, 0
	expect	x14, 0xffffffff
	expect	x15, 0
	expect	x16, 0x8000000000000000
	expect	x17, 0xffffffffffffffff
	expect	fpsr, 1
	begin
	ldr	s0, =0x4f000000 // 2^31
	ldr	d1, =0xc1e0000000200000 // -(2^31 + 1)
	ldr	d2, =0x7ff0000000000000
	ldr	s3, =0xffc00000
	fmov	s4, #-1.0
	ldr	d5, =0x43e0000000000000 // 2^63
	fcvtzs	w10, s0
	fcvtzs	w11, d1
	fcvtzs	x12, d2
	fcvtzs	x13, s3
	fcvtzu	w14, d2
	fcvtzu	x15, s4
	fcvtzu	x16, d5
	fcvtzu	x17, d2
	finish
