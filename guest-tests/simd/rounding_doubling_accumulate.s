// FEAT_RDM: SQRDMLAH and SQRDMLSH add to or subtract from the accumulator before they round and
// saturate; SQRDMULH and an addition would round twice.
	.include "test.inc"
	test	"SQRDMLAH and SQRDMLSH round and saturate once, and set QC"
	needs	rdm
	expect	h10, 0x7fff			// -1 * -1 + 0 saturates
	expect	x10, 1 << 27
	expect	h11, 0x0002			// 1 + 0x4000 * 1 * 2 / 2^16 (0.5, rounded up) = 2
	expect	h12, 0x0001			// 1 - 0.5, rounded up
	expect	x12, 0
	expect	s13, 0x80000000			// -1 * 1 - 1 saturates downwards
	expect	v14, 0x0002000200020002
	expect	v15, 0x00000001000000010000000100000001
	begin
	mov	w0, #0x8000
	mov	v0.h[0], w0
	msr	fpsr, xzr
	movi	v10.2d, #0
	sqrdmlah	h10, h0, h0
	mrs	x10, fpsr
	msr	fpsr, xzr
	mov	w0, #0x4000
	dup	v1.8h, w0
	movi	v2.8h, #1
	movi	v11.8h, #1
	movi	v12.8h, #1
	movi	v14.8h, #1
	sqrdmlah	h11, h1, h2
	sqrdmlsh	h12, h1, h2
	sqrdmlah	v14.4h, v1.4h, v2.4h
	mov	w0, #0x40000000
	dup	v3.4s, w0
	movi	v4.4s, #1
	movi	v15.4s, #1
	sqrdmlsh	v15.4s, v3.4s, v4.s[2]
	mrs	x12, fpsr
	mov	w0, #0x80000000
	mov	w1, #0x7fffffff
	fmov	s13, w0
	fmov	s5, w0
	fmov	s6, w1
	sqrdmlah	s13, s5, s6
	finish
