	.include "test.inc"
	test	"Two CPUs count together by LDXR and STXR"
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
1:	ldxr	x3, [x9]
	add	x3, x3, #1
	stxr	w4, x3, [x9]
	cbnz	w4, 1b
	subs	w12, w12, #1
	b.ne	1b
	ret
	.bss
	.balign	4096
data:	.skip	4096
