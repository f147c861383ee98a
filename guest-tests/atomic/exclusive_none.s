	.include "test.inc"
	test	"STXR without a reservation fails and stores nothing; CLREX takes the reservation away"
	expect	x0, 1
	expect	x1, 1
	expect	x2, 5
	begin
	mmu_on
	adrp	x9, word
	mov	x10, #5
	str	x10, [x9]
	mov	x11, #6
	stxr	w0, x11, [x9]
	ldxr	x12, [x9]
	clrex
	stxr	w1, x11, [x9]
	ldr	x2, [x9]
	finish
	.bss
	.balign	4096
word:	.skip	64
