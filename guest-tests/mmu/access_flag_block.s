	.include "test.inc"
	.include "mmu.inc"
	test	"a block whose Access flag is clear faults at level 2"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x0a
	expect	far_el1, HOLE
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM - DESC_AF
	ldr	x0, =HOLE
	ldr	x1, [x0]
	finish
