	.include "test.inc"
	test	"CAS stores only where it compares equal, and gives back what was there"
	needs	lse
	expect	x0, 5
	expect	x1, 7
	expect	x2, 7
	expect	x3, 7
	expect	x4, 0
	expect	x5, 0
	begin
	mmu_on
	adrp	x9, word
	mov	x10, #5
	str	x10, [x9]
	mov	x0, #5
	mov	x10, #7
	cas	x0, x10, [x9]
	ldr	x1, [x9]
	mov	x2, #6
	mov	x10, #8
	casal	x2, x10, [x9]
	ldr	x3, [x9]
	str	xzr, [x9]
	cas	xzr, x10, [x9]
	ldr	x4, [x9]
	sub	x4, x4, #8
	mov	x11, #8
	cas	x11, xzr, [x9]
	ldr	x5, [x9]
	finish
	.bss
	.balign	4096
word:	.skip	64
