// FCVTL and FCVTN work on half of a register; the 2 forms on the upper half. FCVTXN rounds to odd.
	.include "test.inc"
	test	"FCVTL, FCVTL2, FCVTN, FCVTN2, FCVTXN"
	expect	v10, 0x40000000c00000003fc000003f800000
	expect	v11, 0x40000000000000003ff8000000000000
	expect	v12, 0x3f8000003fc00000
	expect	v13, 0x3f8000003fc000003f8000003fc00000
	expect	v15, 0x3f8000013f800000
	expect	v16, 0x7f7fffff
	begin
	ldr	d0, =0x4000c0003e003c00 // halves: 2, -2, 1.5, 1
	fcvtl	v10.4s, v0.4h
	ldr	q1, =0x400000003fc000000000000000000000 // floats, in the upper half: 2, 1.5
	fcvtl2	v11.2d, v1.4s
	ldr	q2, =0x3ff00000000000003ff8000000000000 // 1, 1.5
	fmov	v12.2d, #-1.0
	fcvtn	v12.2s, v2.2d
	mov	v13.16b, v12.16b
	fcvtn2	v13.4s, v2.2d
	ldr	q3, =0x3ff00000000000013ff0000000000000
	fcvtxn	v15.2s, v3.2d
	ldr	d4, =0x7fefffffffffffff
	fcvtxn	s16, d4
	finish
