	.include "test.inc"
	test	"SWP exchanges, in each size; a word zero-extends"
	needs	lse
	expect	x0, 0x88
	expect	x1, 0x5566
	expect	x2, 0x11223344
	expect	x3, 0xffffffffffff00ff
	begin
	mmu_on
	adrp	x9, word
	mov	x10, #-1
	swpb	w10, w0, [x9]
	strb	wzr, [x9, #1]
	add	x11, x9, #2
	swpalh	w10, w1, [x11]
	add	x11, x9, #4
	swpa	w10, w2, [x11]
	swpl	xzr, x3, [x9]
	finish
	.data
	.balign	4096
word:	.8byte	0x1122334455667788
