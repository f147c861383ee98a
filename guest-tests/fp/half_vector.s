// FEAT_FP16: eight lanes, by element, pairwise and across.
	.include "test.inc"
	test	"half-precision vectors: lanes, element, pairs, maximum across"
	needs	fp16
	expect	v10, 0x4d004c804c004b004a00490048004600	// 2 n + 4 for n = 1 to 8, by lanes
	expect	v11, 0x50004f004e004d004c004a0048004400	// n * 4 (element)
	expect	h12, 0x4800
	expect	v13, 0x4b80498047000000
	expect	v14, 0xffffffffffff00000000000000000000
	begin
	adr	x0, numbers
	ldr	q0, [x0]
	fmov	v1.8h, #4.0
	fadd	v2.8h, v0.8h, v0.8h
	fadd	v10.8h, v2.8h, v1.8h
	fmul	v11.8h, v0.8h, v1.h[3]
	fmaxv	h12, v0.8h
	movi	v3.2d, #0
	faddp	v13.8h, v0.8h, v3.8h
	mov	v13.h[0], wzr
	fcmgt	v14.8h, v0.8h, v1.8h
	mov	v14.h[4], wzr
	finish
	.balign	16
numbers:	.2byte	0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600, 0x4700, 0x4800
