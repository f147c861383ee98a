// SQRDMLAH and SQRDMLSH round and saturate once, after the accumulation.
	.include "test.inc"
	test	"SQRDMLAH and SQRDMLSH"
	needs	rdm
	expect_v	v2, 0, 0x7fff7fff00018000
	expect_v	v3, 0, 0x8000
	expect_v	v5, 0, 0x400140010001e001
	expect	x1, 0
	expect	x2, 0x08000000
	begin
	ldr	d2, =0xffff000000008000
	mov	v3.8b, v2.8b
	ldr	d0, =0x8000800000014000		// d + 2 * n * m / 65536
	ldr	d1, =0x8000800040008000		// -1 fits where -1 * -1 does not
	movi	v5.4h, #1
	sqrdmlsh v5.4h, v0.4h, v1.h[1]		// 0x4000: half of v0 taken away, all fits
	mrs	x1, fpsr
	sqrdmlah v2.4h, v0.4h, v1.4h
	mrs	x2, fpsr
	sqrdmlah h3, h0, h1
	finish
