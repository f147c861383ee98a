	.include "test.inc"
	test	"TRNG_RND gives different bits each time and refuses too many"
	expect	x5, 0
	expect	x7, 1
	expect	x8, -2
	begin
	movz	x0, #0xc400, lsl #16
	movk	x0, #0x0053
	mov	x1, #64
	hvc	#0
	mov	x5, x0
	mov	x6, x3
	movz	x0, #0xc400, lsl #16
	movk	x0, #0x0053
	mov	x1, #64
	hvc	#0
	cmp	x3, x6
	cset	x7, ne
	movz	x0, #0xc400, lsl #16
	movk	x0, #0x0053
	mov	x1, #193
	hvc	#0
	sxtw	x8, w0
	finish
