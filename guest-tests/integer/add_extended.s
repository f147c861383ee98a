	.include "test.inc"
	test	"ADD extends its second operand in all eight ways and shifts it by up to 4"
	expect	x0, 0x1081
	expect	x1, 0x18282
	expect	x2, 0x1ffffff04
	expect	x3, 0x80000000ffff8281
	expect	x4, 0xffffffffffffff81
	expect	x5, 0xffffffffffff8281
	expect	x6, 0xfffffffffff82810
	expect	x7, 0x80000000ffff8281
	begin
	ldr	x10, =0x80000000ffff8281
	mov	x9, #0x1000
	add	x0, x9, w10, uxtb
	mov	w9, #0x10001
	add	x1, x9, w10, uxth
	mov	w11, #0xffffff82
	add	x2, xzr, x11, lsl #1
	mov	x9, sp
	mov	x12, #0
	mov	sp, x12
	add	x3, sp, x10, uxtx
	add	x4, sp, w10, sxtb
	add	x5, sp, w10, sxth
	add	x6, sp, w10, sxtw #4
	add	x7, sp, x10, sxtx
	mov	sp, x9
	finish
