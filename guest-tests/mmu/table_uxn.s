	.include "test.inc"
	.include "mmu.inc"
	test	"UXNTable takes execution at EL0 from everything below"
	expect_exception	0x20, 0x400
	expect	esr_el1, IABORT_EL0 + 0x0f
	begin
	mmu_on
	map	256, page_table + DESC_TABLE + TABLE_UXN
	map_page	0, FREE + DESC_PAGE + DESC_RAM + DESC_EL0 + DESC_RO
	ldr	x0, =HOLE
	enter_el0	user
user:
	br	x0
	finish
