	.include "test.inc"
	.include "mmu.inc"
	test	"an access that crosses into an unmapped page faults with FAR there, and changes no register"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x07
	expect	far_el1, HOLE + 0x1000
	expect	x0, HOLE + 0xffc
	expect	x1, 0x11
	begin
	mmu_on
	map	256, page_table + DESC_TABLE
	map_page	0, FREE + DESC_PAGE + DESC_RAM
	ldr	x0, =HOLE + 0xffc
	mov	x1, #0x11
	ldr	x1, [x0], #8
	finish
