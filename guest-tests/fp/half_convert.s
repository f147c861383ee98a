// FEAT_FP16: conversions between halves and integers, rounding to integral, comparison, selection.
	.include "test.inc"
	test	"halves convert to and from integers and compare"
	needs	fp16
	expect	x10, -3
	expect	x11, 65504
	expect	x12, 0xffffffff
	expect	h13, 0x7c00
	expect	h14, 0xc500
	expect	h15, 0x4400
	expect	x16, 0x4248
	expect	nzcv, 0b1000
	expect	h17, 0x4248
	expect	w18, 0x3200
	begin
	mov	w0, #0xc248			// -3.140625
	fmov	h0, w0
	fcvtzs	x10, h0
	mov	w0, #0x7bff
	fmov	h1, w0
	fcvtnu	x11, h1
	mov	w0, #0x7c00
	fmov	h2, w0
	fcvtau	w12, h2				// infinity saturates
	ldr	w0, =70000
	ucvtf	h13, w0
	mov	x0, #-5
	scvtf	h14, x0
	fabs	h3, h0
	frintp	h15, h3
	fmov	w16, h3
	fcmp	h0, h3
	fcsel	h17, h0, h3, gt
	mov	w0, #3
	scvtf	h18, w0, #4			// 3 / 16
	fmov	w18, h18
	finish
