	.include "test.inc"
	.include "mmu.inc"
	test	"EL0 may not read what is EL1's"
	expect_exception	0x24, 0x400
	expect	esr_el1, DABORT_EL0 + 0x0e
	expect	far_el1, HOLE
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM
	ldr	x0, =HOLE
	ldr	x1, [x0]
	enter_el0	user
user:
	ldr	x1, [x0]
	finish
