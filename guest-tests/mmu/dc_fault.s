	.include "test.inc"
	.include "mmu.inc"
	test	"cache maintenance of an unmapped address faults with CM and WnR set"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + CM + WNR + 0x06
	expect	far_el1, HOLE
	begin
	mmu_on
	ldr	x0, =HOLE
	dc	civac, x0
	finish
