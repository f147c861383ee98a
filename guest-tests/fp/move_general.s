// FMOV between general and vector registers moves bits; to V.D[1] it keeps the lower half.
	.include "test.inc"
	test	"FMOV to and from general registers, both halves"
	expect	x10, 0xbf800000
	expect	x11, 0x7ff4000000000001
	expect	x12, 0x0123456789abcdef
	expect	v13, 0x89abcdef
	expect	v14, 0x0123456789abcdef
	expect	v15, 0x0123456789abcdefbff8000000000000
	expect	v16, 0
	begin
	fmov	v0.4s, #-1.0
	mov	x10, #-1
	fmov	w10, s0
	ldr	d1, =0x7ff4000000000001
	fmov	x11, d1
	ldr	x1, =0x0123456789abcdef
	fmov	v13.2d, #-1.5
	mov	v14.16b, v13.16b
	mov	v15.16b, v13.16b
	mov	v16.16b, v13.16b
	fmov	s13, w1
	fmov	d14, x1
	fmov	v15.d[1], x1
	fmov	x12, v15.d[1]
	fmov	d16, xzr
	finish
