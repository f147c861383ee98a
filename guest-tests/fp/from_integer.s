// SCVTF and UCVTF read the same bits as different numbers, and round as FPCR says.
	.include "test.inc"
	test	"SCVTF and UCVTF from W, X and lanes"
	expect	s10, 0xbf800000
	expect	s11, 0x4f800000
	expect	d12, 0xbff0000000000000
	expect	d13, 0x41efffffffe00000
	expect	d14, 0x43f0000000000000
	expect	s15, 0x4b800000
	expect	s16, 0x4b800001
	expect	v17, 0xc1e0000000000000bff0000000000000
	expect	v18, 0x4f000000
	expect	s19, 0
	begin
	mov	w0, #-1
	scvtf	s10, w0
	ucvtf	s11, w0
	mov	x1, #-1
	scvtf	d12, x1
	ucvtf	d13, w0
	ucvtf	d14, x1
	mov	w2, #1 // 2^24 + 1
	movk	w2, #0x0100, lsl #16
	scvtf	s15, w2
	mov	x3, #(1 << 22)
	msr	fpcr, x3
	scvtf	s16, w2
	msr	fpcr, xzr
	mov	v0.d[0], x1
	ldr	x4, =0xffffffff80000000
	mov	v0.d[1], x4
	scvtf	v17.2d, v0.2d
	ldr	s1, =0x80000000
	ucvtf	s18, s1
	scvtf	s19, wzr
	finish
