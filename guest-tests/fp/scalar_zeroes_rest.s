// A scalar result is the whole register: what lies above it becomes zero (Arm ARM, V[] accessor).
	.include "test.inc"
	test	"writing S, D or H zeroes the rest of the vector register"
	expect	v10, 0x40000000
	expect	v11, 0x4000000000000000
	expect	v12, 0x3c00
	expect	v13, 0x3f800000
	expect	v14, 0x40000000
	expect	v15, 0xbf800000
	expect	v16, 0x3fe0000000000000
	begin
	fmov	s0, #1.0
	fmov	d1, #1.0
	.irp	n, 10,11,12,13,14,15,16
	fmov	v\n\().2d, #-3.5
	.endr
	fadd	s10, s0, s0
	fadd	d11, d1, d1
	fcvt	h12, s0
	fmov	s13, s0
	mov	w0, #2
	scvtf	s14, w0
	fneg	s15, s0
	fmov	d16, #0.5
	finish
