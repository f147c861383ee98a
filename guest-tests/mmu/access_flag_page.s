	.include "test.inc"
	.include "mmu.inc"
	test	"a page whose Access flag is clear faults at level 3"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x0b
	expect	far_el1, HOLE + 0x2008
	begin
	mmu_on
	map	256, page_table + DESC_TABLE
	map_page	2, FREE + DESC_PAGE + DESC_RAM - DESC_AF
	ldr	x0, =HOLE + 0x2008
	ldr	x1, [x0]
	finish
