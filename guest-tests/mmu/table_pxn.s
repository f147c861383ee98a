	.include "test.inc"
	.include "mmu.inc"
	test	"PXNTable takes execution at EL1 from everything below"
	expect_exception	0x21, 0x200
	expect	esr_el1, IABORT_EL1 + 0x0f
	begin
	mmu_on
	map	256, page_table + DESC_TABLE + TABLE_PXN
	map_page	0, FREE + DESC_PAGE + DESC_RAM
	ldr	x0, =HOLE
	br	x0
	finish
