// Division by zero, and the divisions that have no answer (Arm ARM, FPDiv).
	.include "test.inc"
	test	"FDIV: 1/3, 1/0, 0/0, infinity/infinity, 1/infinity"
	expect	d10, 0x3fd5555555555555
	expect	x10, 0x10
	expect	d11, 0xfff0000000000000
	expect	x11, 0x02
	expect	d12, 0x7ff8000000000000
	expect	d13, 0x7ff8000000000000
	expect	x12, 0x01
	expect	d14, 0x8000000000000000
	begin
	fmov	d0, #1.0
	fmov	d1, #3.0
	fmov	d2, xzr
	fneg	d3, d2
	ldr	d4, =0x7ff0000000000000
	fneg	d5, d4
	fdiv	d10, d0, d1
	mrs	x10, fpsr
	msr	fpsr, xzr
	fdiv	d11, d0, d3
	mrs	x11, fpsr
	msr	fpsr, xzr
	fdiv	d12, d2, d3
	fdiv	d13, d4, d5
	mrs	x12, fpsr
	fdiv	d14, d0, d5
	finish
