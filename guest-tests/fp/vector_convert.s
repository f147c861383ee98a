// Conversions of lanes to integers of the same size, and back.
	.include "test.inc"
	test	"FCVTZS, FCVTNU, FCVTAS, FCVTMS, SCVTF, UCVTF on lanes"
	expect	v10, 0x7fffffff80000000fffffffe00000002
	expect	v11, 0x00000002000000000000000200000004
	expect	v12, 0x0000000000000003fffffffffffffffd
	expect	v13, 0xfffffffffffffffd
	expect	v14, 0x4008000000000000c008000000000000
	expect	v15, 0x40000000000000004000000040800000
	expect	fpsr, 0x11
	begin
	ldr	q0, =0x4f000000ff800000c020000040200000 // 2^31, -infinity, -2.5, 2.5
	fcvtzs	v10.4s, v0.4s
	ldr	q1, =0x3fc00000bf0000004020000040600000 // 1.5, -0.5, 2.5, 3.5
	fcvtnu	v11.4s, v1.4s
	ldr	q2, =0x4004000000000000c004000000000000 // 2.5, -2.5
	fcvtas	v12.2d, v2.2d
	fcvtms	d13, d2
	scvtf	v14.2d, v12.2d
	ucvtf	v15.4s, v11.4s
	finish
