	.include "test.inc"
	test	"Stores of another CPU to other lines leave the reservation: STXR succeeds sooner or later"
	cpus	2
	expect	x0, 0
	begin
	mmu_on
	start_cpu 1, second
	adrp	x9, data
	add	x10, x9, #1024
1:	ldxr	x1, [x9]
	ldar	w2, [x10]
	add	w2, w2, #2
2:	ldar	w3, [x10]
	cmp	w3, w2
	b.lo	2b
	stxr	w0, x2, [x9]
	cbnz	w0, 1b
	finish
second:	mmu_on
	adrp	x9, data
	add	x10, x9, #1024
	mov	x0, #0
1:	add	x0, x0, #1
	str	x0, [x10, #512]
	stlr	w0, [x10]
	b	1b
	.bss
	.balign	4096
data:	.skip	4096
