	.include "test.inc"
	.include "mmu.inc"
	test	"a load from an address where nobody answers is a synchronous external abort"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x10
	expect	far_el1, NOWHERE + 4
	begin
	mmu_on
	ldr	x0, =NOWHERE
	ldr	w1, [x0, #4]
	finish
