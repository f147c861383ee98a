	.include "test.inc"
	.include "mmu.inc"
	test	"a table that points at itself is walked to the last level and no further"
	expect	x1, page_table + DESC_TABLE + DESC_AF
	begin
	mmu_on
	map	256, page_table + DESC_TABLE + DESC_AF
	map_page	0, page_table + DESC_TABLE + DESC_AF
	ldr	x0, =HOLE
	ldr	x1, [x0]
	finish
