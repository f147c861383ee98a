	.include "test.inc"
	.include "mmu.inc"
	test	"without TBI a tagged address faults at level 0"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x04
	expect	far_el1, 0x5a00000060000000
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM
	ldr	x0, =0x5a00000000000000 + HOLE
	ldr	x1, [x0]
	finish
