	.include "test.inc"
	.include "mmu.inc"
	test	"APTable[0] takes EL0 access from everything below"
	expect_exception	0x24, 0x400
	expect	esr_el1, DABORT_EL0 + 0x0f
	begin
	mmu_on
	map	256, page_table + DESC_TABLE + TABLE_NOEL0
	map_page	0, FREE + DESC_PAGE + DESC_RAM + DESC_EL0
	ldr	x0, =HOLE
	enter_el0	user
user:
	ldr	x1, [x0]
	finish
