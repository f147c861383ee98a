	.include "test.inc"
	test	"CASP of doublewords and of words, equal and not"
	needs	lse
	expect	x0, 1
	expect	x1, 2
	expect	x2, 3
	expect	x3, 4
	expect	x4, 0x33333333
	expect	x5, 0x44444444
	expect	x6, 3
	expect	x7, 0x0000000600000005
	begin
	mmu_on
	adrp	x9, words
	add	x9, x9, :lo12:words
	mov	x0, #1
	mov	x1, #2
	mov	x10, #3
	mov	x11, #4
	casp	x0, x1, x10, x11, [x9]
	mov	x2, #3
	mov	x3, #5
	caspal	x2, x3, x0, x1, [x9]
	mov	w12, #5
	mov	w13, #6
	add	x14, x9, #16
	mov	w4, #0x33333333
	mov	w5, #0x44444444
	casp	w4, w5, w12, w13, [x14]
	ldr	x6, [x9]
	ldr	x7, [x14]
	finish
	.data
	.balign	4096
words:	.8byte	1, 2, 0x4444444433333333
