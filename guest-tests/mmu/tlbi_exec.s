	.include "test.inc"
	.include "mmu.inc"
	test	"code at a remapped address is the new page's after TLBI"
	expect	x5, 1
	expect	x6, 2
	begin
	mmu_on
	ldr	x0, =FREE
	adr	x1, one
	ldp	w2, w3, [x1]
	stp	w2, w3, [x0]
	ldr	x0, =FREE2
	adr	x1, two
	ldp	w2, w3, [x1]
	stp	w2, w3, [x0]
	dsb	ish
	ic	iallu
	dsb	ish
	isb
	map	256, FREE + DESC_BLOCK + DESC_RAM
	ldr	x0, =HOLE
	blr	x0
	mov	x5, x9
	map	256, 0
	lsr	x3, x0, #12
	tlbi	vaae1is, x3
	dsb	ish
	map	256, FREE2 + DESC_BLOCK + DESC_RAM
	blr	x0
	mov	x6, x9
	finish
one:
	mov	x9, #1
	ret
two:
	mov	x9, #2
	ret
