	.include "test.inc"
	test	"A lock of SWPA and STLR keeps a plain counter whole"
	needs	lse
	cpus	2
	expect	x0, 20000
	begin
	mmu_on
	start_cpu 1, second
	bl	work
	adrp	x9, data
	add	x10, x9, #512
	wait_word x10, #1
	ldr	x0, [x9, #256]
	finish
second:	mmu_on
	bl	work
	add	x10, x9, #512
	mov	w11, #1
	stlr	w11, [x10]
	b	.
work:	adrp	x9, data
	mov	w12, #10000
	mov	w2, #1
1:	swpa	w2, w3, [x9]
	cbnz	w3, 1b
	ldr	x4, [x9, #256]
	add	x4, x4, #1
	str	x4, [x9, #256]
	stlr	wzr, [x9]
	subs	w12, w12, #1
	b.ne	1b
	ret
	.bss
	.balign	4096
data:	.skip	4096
