// TCR_EL1.HA: whatever uses a leaf sets its Access flag, in memory, and nothing faults.
	.include "test.inc"
	.include "mmu.inc"
	test	"hardware sets the Access flag of a page, of a block and of code"
	needs	hafdbs
	expect	x0, FREE + DESC_PAGE + DESC_RAM
	expect	x1, FREE2 + DESC_BLOCK + DESC_RAM
	expect	x2, FREE + 0x1000 + DESC_PAGE + DESC_RAM
	expect	x3, FREE + 0x2000 + DESC_PAGE + DESC_RAM - DESC_AF // not used
	begin
	mmu_on
	tcr_set	TCR_HA
	ldr	x9, =FREE + 0x1000
	ldr	w8, =0xd65f03c0			// RET
	str	w8, [x9]
	dc	cvau, x9
	dsb	ish
	ic	ivau, x9
	dsb	ish
	map	256, page_table + DESC_TABLE
	map	257, FREE2 + DESC_BLOCK + DESC_RAM - DESC_AF
	map_page	0, FREE + DESC_PAGE + DESC_RAM - DESC_AF
	map_page	1, FREE + 0x1000 + DESC_PAGE + DESC_RAM - DESC_AF
	map_page	2, FREE + 0x2000 + DESC_PAGE + DESC_RAM - DESC_AF
	ldr	x9, =HOLE
	ldr	x8, [x9]
	str	x8, [x9]
	ldr	x8, =HOLE2
	str	x9, [x8, #8]
	ldr	x9, =HOLE + 0x1000
	blr	x9
	adrp	x9, page_table
	ldr	x0, [x9]
	ldr	x2, [x9, #8]
	ldr	x3, [x9, #16]
	adrp	x9, mmu_l2
	ldr	x1, [x9, #(257 * 8)]
	finish
