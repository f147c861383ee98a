	.include "test.inc"
	test	"Loads of each size zero- or sign-extend to the width that they name"
	expect	x0, 0x81
	expect	x1, 0x8281
	expect	x2, 0x84838281
	expect	x3, 0x8887868584838281
	expect	x4, 0xffffffffffffff81
	expect	x5, 0xffffff81
	expect	x6, 0xffffffffffff8281
	expect	x7, 0xffff8281
	expect	x8, 0xffffffff84838281
	begin
	adr	x9, data
	ldrb	w0, [x9]
	ldrh	w1, [x9]
	ldr	w2, [x9]
	ldr	x3, [x9]
	ldrsb	x4, [x9]
	ldrsb	w5, [x9]
	ldrsh	x6, [x9]
	ldrsh	w7, [x9]
	ldrsw	x8, [x9]
	finish
	.balign	8
data:	.8byte	0x8887868584838281
