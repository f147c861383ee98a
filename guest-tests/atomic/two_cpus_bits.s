	.include "test.inc"
	test	"Two CPUs flip bits of one word by LDSET, LDCLR and LDEOR: none of the other's is lost"
	needs	lse
	cpus	2
	expect	x0, 0
	begin
	mmu_on
	start_cpu 1, second
	mov	w2, #1
	bl	work
	adrp	x9, data
	add	x10, x9, #512
	wait_word x10, #1
	ldr	x0, [x9]
	finish
second:	mmu_on
	mov	w2, #2
	bl	work
	add	x10, x9, #512
	mov	w11, #1
	stlr	w11, [x10]
	b	.
work:	adrp	x9, data
	mov	w12, #10000
1:	ldset	w2, w3, [x9]
	tst	w3, w2
	b.ne	9f
	ldeor	w2, w3, [x9]
	tst	w3, w2
	b.eq	9f
	ldeor	w2, w3, [x9]
	tst	w3, w2
	b.ne	9f
	ldclr	w2, w3, [x9]
	tst	w3, w2
	b.eq	9f
	subs	w12, w12, #1
	b.ne	1b
	ret
9:	finish	1
	.bss
	.balign	4096
data:	.skip	4096
