// Fixed point: the integer times 2^-fbits, both ways, rounded once.
	.include "test.inc"
	test	"FCVTZS, FCVTZU, SCVTF, UCVTF with fraction bits"
	expect	x10, 0x18000
	expect	x11, 0xfffe8000
	expect	x12, 0x8000000000000000
	expect	s13, 0x3fc00000
	expect	d14, 0xbff8000000000000
	expect	d15, 0x3fefffffffffffff
	expect	s16, 0x1f800000
	expect	v17, 0xfffffe8000000180
	expect	v18, 0xbfc000003fc00000
	begin
	fmov	s0, #1.5
	fmov	d1, #-1.5
	fmov	d2, #0.5
	fcvtzs	w10, s0, #16
	fcvtzs	w11, d1, #16
	fcvtzu	x12, d2, #64
	mov	w0, #3
	scvtf	s13, w0, #1
	mov	x0, #-3
	scvtf	d14, x0, #1
	mov	x0, #-1
	mov	x1, #(3 << 22)
	msr	fpcr, x1
	ucvtf	d15, x0, #64
	msr	fpcr, xzr
	mov	x0, #1
	ucvtf	s16, x0, #64
	ldr	d3, =0xbfc000003fc00000
	fcvtzs	v17.2s, v3.2s, #8
	scvtf	v18.2s, v17.2s, #8
	finish
