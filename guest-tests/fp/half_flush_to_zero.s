// FPCR.FZ16 flushes denormals of half precision alone, and without setting IDC (Arm ARM, A1.5.1).
	.include "test.inc"
	test	"FZ16 flushes halves, FZ does not, and neither touches the other's format"
	needs	fp16
	expect	x9, 1 << 19
	expect	h10, 2
	expect	h11, 0
	expect	x11, 0
	expect	h12, 0
	expect	x12, 8
	expect	s13, 2
	expect	h14, 2
	begin
	mov	w0, #1
	fmov	h0, w0				// the least denormal
	fmov	s1, w0
	mov	w0, #0x0401
	fmov	h2, w0
	mov	w0, #0x0400
	fmov	h3, w0
	fadd	h10, h0, h0
	mov	x1, #(1 << 19)
	msr	fpcr, x1
	mrs	x9, fpcr
	msr	fpsr, xzr
	fadd	h11, h0, h0
	mrs	x11, fpsr
	fsub	h12, h2, h3			// a denormal result: UFC
	mrs	x12, fpsr
	fadd	s13, s1, s1
	mov	x1, #(1 << 24)
	msr	fpcr, x1
	fadd	h14, h0, h0
	finish
