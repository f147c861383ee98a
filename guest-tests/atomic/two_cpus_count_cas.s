	.include "test.inc"
	test	"Two CPUs count together by CAS"
	needs	lse
	cpus	2
	expect	x0, 40000
	begin
	mmu_on
	start_cpu 1, second
	bl	work
	adrp	x9, data
	add	x10, x9, #512
	wait_word x10, #1
	ldr	x0, [x9]
	finish
second:	mmu_on
	bl	work
	add	x10, x9, #512
	mov	w11, #1
	stlr	w11, [x10]
	b	.
work:	adrp	x9, data
	mov	w12, #20000
	mov	x2, #1
1:	ldr	x3, [x9]
	mov	x4, x3
	add	x5, x3, #1
	cas	x3, x5, [x9]
	cmp	x3, x4
	b.ne	1b
	subs	w12, w12, #1
	b.ne	1b
	ret
	.bss
	.balign	4096
data:	.skip	4096
