	.include "test.inc"
	.include "mmu.inc"
	test	"a store to an unmapped block faults at level 2, with WnR"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + WNR + 0x06
	expect	far_el1, HOLE + 8
	expect	elr_el1, at
	begin
	mmu_on
	ldr	x0, =HOLE
at:
	str	x1, [x0, #8]
	finish
