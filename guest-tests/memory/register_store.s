	.include "test.inc"
	test	"Stores with a register offset, scaled by their own size"
	expect	x0, 0x4444333322220011
	begin
	sub	sp, sp, #16
	mov	x9, #1
	mov	w10, #0x11
	str	xzr, [sp]
	strb	w10, [sp, xzr]
	mov	w10, #0x2222
	strh	w10, [sp, x9, lsl #1]
	mov	w10, #0x3333
	movk	w10, #0x4444, lsl #16
	str	w10, [sp, w9, uxtw #2]
	ldr	x0, [sp]
	add	sp, sp, #16
	finish
