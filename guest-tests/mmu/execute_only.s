	.include "test.inc"
	.include "mmu.inc"
	test	"EL0 executes what it cannot read, and a read of it faults"
	expect_exception	0x24, 0x400
	expect	esr_el1, DABORT_EL0 + 0x0e
	expect	elr_el1, HOLE
	expect	far_el1, HOLE
	begin
	mmu_on
	ldr	x0, =FREE
	ldr	w1, =0xf9400001    // ldr x1, [x0]
	str	w1, [x0]
	dc	cvau, x0
	dsb	ish
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_PXN
	ldr	x0, =HOLE
	enter_el0	user
user:
	br	x0
	finish
