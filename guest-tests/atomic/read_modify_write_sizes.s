	.include "test.inc"
	test	"Sub-word atomics wrap within their size and leave their neighbours alone"
	needs	lse
	expect	x0, 0xff
	expect	x1, 0xffff
	expect	x2, 0xffffffff
	expect	x3, 0x00000000000080ff
	begin
	mmu_on
	adrp	x9, word
	mov	x10, #-1
	str	x10, [x9]
	mov	x10, #1
	ldaddb	w10, w0, [x9]
	mov	x11, #0xff
	ldaddb	w11, w12, [x9]
	add	x11, x9, #2
	ldaddh	w10, w1, [x11]
	add	x11, x9, #4
	ldadd	w10, w2, [x11]
	mov	w10, #0x7f00
	ldclrh	w10, w12, [x9]
	ldr	x3, [x9]
	finish
	.bss
	.balign	4096
word:	.skip	64
