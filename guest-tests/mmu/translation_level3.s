	.include "test.inc"
	.include "mmu.inc"
	test	"a load from an unmapped page faults at level 3"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x07
	expect	far_el1, HOLE + 0x1000
	begin
	mmu_on
	map	256, page_table + DESC_TABLE
	map_page	0, FREE + DESC_PAGE + DESC_RAM
	ldr	x0, =HOLE
	ldr	x1, [x0]
	ldr	x1, [x0, #0x1000]
	finish
