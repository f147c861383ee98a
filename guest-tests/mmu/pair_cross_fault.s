	.include "test.inc"
	.include "mmu.inc"
	test	"LDP into an unmapped page changes neither register nor the base"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x07
	expect	far_el1, HOLE + 0x1000
	expect	x0, HOLE + 0xff8
	expect	x1, 0x11
	expect	x2, 0x22
	begin
	mmu_on
	map	256, page_table + DESC_TABLE
	map_page	0, FREE + DESC_PAGE + DESC_RAM
	ldr	x0, =HOLE + 0xff8
	mov	x1, #0x11
	mov	x2, #0x22
	ldp	x1, x2, [x0], #16
	finish
