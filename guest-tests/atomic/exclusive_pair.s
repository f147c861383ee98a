	.include "test.inc"
	test	"LDXP and STXP, of words and of doublewords"
	expect	x0, 0
	expect	x1, 0x11111111
	expect	x2, 0x22222222
	expect	x3, 0x2222222211111111
	expect	x4, 0x4444444433333333
	expect	x5, 6
	expect	x6, 7
	expect	x7, 0x0000000900000008
	begin
	mmu_on
	adrp	x9, words
	add	x9, x9, :lo12:words
	ldxp	w1, w2, [x9]
	stxp	w0, w1, w2, [x9]
	cbnz	w0, 9f
	ldaxp	x3, x4, [x9]
	mov	x10, #6
	mov	x11, #7
	stlxp	w0, x10, x11, [x9]
	cbnz	w0, 9f
	ldp	x5, x6, [x9]
	ldxp	w12, w13, [x9]
	mov	w10, #8
	mov	w11, #9
	stxp	w0, w10, w11, [x9]
	ldr	x7, [x9]
	finish
9:	finish	1
	.data
	.balign	4096
words:	.4byte	0x11111111, 0x22222222, 0x33333333, 0x44444444
