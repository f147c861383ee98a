	.include "test.inc"
	test	"An LSE atomic of another CPU takes the reservation away"
	needs	lse
	cpus	2
	expect	x0, 1
	begin
	mmu_on
	start_cpu 1, second
	adrp	x9, data
	add	x10, x9, #1024
	ldxr	x1, [x9]
	ldar	w2, [x10]
	add	w2, w2, #2
1:	ldar	w3, [x10]
	cmp	w3, w2
	b.lo	1b
	stxr	w0, x1, [x9]
	finish
second:	mmu_on
	adrp	x9, data
	add	x10, x9, #1024
	mov	x0, #0
1:	add	x0, x0, #1
	stadd	xzr, [x9]
	stlr	w0, [x10]
	b	1b
	.bss
	.balign	4096
data:	.skip	4096
