	.include "test.inc"
	.include "mmu.inc"
	test	"EL0 may not write what is read-only for all"
	expect_exception	0x24, 0x400
	expect	esr_el1, DABORT_EL0 + WNR + 0x0e
	expect	far_el1, HOLE + 0x10
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_EL0 + DESC_RO
	ldr	x0, =HOLE
	enter_el0	user
user:
	ldr	x1, [x0]
	str	x1, [x0, #0x10]
	finish
