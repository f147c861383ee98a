	.include "test.inc"
	.include "mmu.inc"
	test	"APTable[1] takes writing from everything below"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + WNR + 0x0f
	expect	x1, 0
	begin
	mmu_on
	map	256, page_table + DESC_TABLE + TABLE_RO
	map_page	0, FREE + DESC_PAGE + DESC_RAM
	ldr	x0, =HOLE
	ldr	x1, [x0]
	str	x1, [x0]
	finish
