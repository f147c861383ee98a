// FEAT_FP16: arithmetic in half precision rounds once, to half, and not by way of single.
	.include "test.inc"
	test	"half-precision arithmetic rounds to half precision"
	needs	fp16
	expect	h10, 0x4200			// 1 + 2 = 3
	expect	h11, 0x3555			// 1 / 3
	expect	h12, 0x3da8			// sqrt(2)
	expect	h13, 0x7c00			// 65504 + 16 rounds to infinity
	expect	x13, 0x14			// OFC, IXC
	expect	h14, 0x4000			// 1.0009765625^2 - 1.001953125 + 2, fused and rounded
	begin
	fmov	h0, #1.0
	fmov	h1, #2.0
	fmov	h2, #3.0
	fadd	h10, h0, h1
	fdiv	h11, h0, h2
	fsqrt	h12, h1
	mov	w0, #0x7bff			// the greatest, 65504
	fmov	h3, w0
	mov	w0, #0x4c00			// 16
	fmov	h4, w0
	msr	fpsr, xzr
	fadd	h13, h3, h4
	mrs	x13, fpsr
	mov	w0, #0x3c01
	fmov	h5, w0
	fmul	h6, h5, h5
	fsub	h6, h1, h6
	fmadd	h14, h5, h5, h6
	finish
