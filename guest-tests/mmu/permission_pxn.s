	.include "test.inc"
	.include "mmu.inc"
	test	"EL1 does not execute what is PXN"
	expect_exception	0x21, 0x200
	expect	esr_el1, IABORT_EL1 + 0x0e
	expect	elr_el1, HOLE
	expect	far_el1, HOLE
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_PXN
	ldr	x0, =HOLE
	br	x0
	finish
