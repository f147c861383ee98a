// FADDP and its kin take neighbours; FMAXV and its kin a whole vector (Arm ARM, Reduce).
	.include "test.inc"
	test	"pairwise operations and reductions across lanes"
	expect	v10, 0x41300000408000004060000040400000
	expect	v11, 0x40c00000400000004040000040000000
	expect	d13, 0x4008000000000000
	expect	v14, 0x40400000
	expect	v15, 0x3f000000
	expect	v16, 0x7fc00001
	expect	v17, 0x40400000
	expect	s18, 0x3f800000
	begin
	ldr	q0, =0x404000003f0000003f80000040000000 // 3, 0.5, 1, 2
	ldr	q1, =0x40a0000040c000004000000040000000 // 5, 6, 2, 2
	faddp	v10.4s, v0.4s, v1.4s
	fmaxp	v11.4s, v0.4s, v1.4s
	ldr	q2, =0x40000000000000003ff0000000000000
	faddp	d13, v2.2d
	fmaxv	s14, v0.4s
	fminv	s15, v0.4s
	ldr	q3, =0x404000003f0000007fc0000140000000 // 3, 0.5, NaN, 2
	fminv	s16, v3.4s
	fmaxnmv	s17, v3.4s
	ldr	d4, =0x400000003f800000
	fminp	s18, v4.2s
	finish
