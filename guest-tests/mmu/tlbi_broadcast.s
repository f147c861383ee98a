	.include "test.inc"
	.include "mmu.inc"
	test	"TLBI VAAE1IS and DSB reach another CPU that uses the mapping"
	cpus	2
	expect	x1, 2
	begin
	mmu_on
	ldr	x0, =FREE
	mov	x1, #1
	str	x1, [x0]
	ldr	x0, =FREE2
	mov	x1, #2
	str	x1, [x0]
	map	256, FREE + DESC_BLOCK + DESC_RAM
	start_cpu	1, other
	adrp	x4, scratch_page
	wait_word	x4, #1
	// CPU 1 reads through HOLE all the time. Swap what is there, break before make.
	map	256, 0
	ldr	x3, =HOLE >> 12
	tlbi	vaae1is, x3
	dsb	ish
	map	256, FREE2 + DESC_BLOCK + DESC_RAM
	mov	w5, #1
	add	x4, x4, #4
	stlr	w5, [x4]
	add	x4, x4, #4
	wait_word	x4, #1
	ldr	w1, [x4, #4]
	finish
other:
	mmu_on
	adrp	x4, scratch_page
	ldr	x0, =HOLE
	ldr	w1, [x0]
	mov	w5, #1
	stlr	w5, [x4]
	add	x6, x4, #4
1:
	ldar	w7, [x6]
	cbz	w7, 1b
	// The swap is complete: only the new page may be seen.
	ldr	w1, [x0]
	str	w1, [x4, #12]
	add	x6, x4, #8
	stlr	w5, [x6]
	b	.
