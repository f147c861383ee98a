	.include "test.inc"
	test	"Two CPUs update a pair by CASP: its halves never part"
	needs	lse
	cpus	2
	expect	x0, 40000
	expect	x1, 40000
	begin
	mmu_on
	start_cpu 1, second
	bl	work
	adrp	x9, words
	add	x10, x9, #128
	wait_word x10, #1
	ldp	x0, x1, [x9]
	finish
second:	mmu_on
	bl	work
	adrp	x9, words
	add	x10, x9, #128
	mov	w11, #1
	stlr	w11, [x10]
	b	.
work:	adrp	x9, words
	mov	w12, #20000
1:	ldp	x2, x3, [x9]
2:	mov	x6, x2
	mov	x7, x3
	add	x4, x2, #1
	add	x5, x3, #1
	casp	x2, x3, x4, x5, [x9]
	cmp	x2, x6
	ccmp	x3, x7, #0, eq
	b.ne	2b
	cmp	x2, x3
	b.ne	9f
	subs	w12, w12, #1
	b.ne	1b
	ret
9:	finish	1
	.bss
	.balign	4096
words:	.skip	4096
