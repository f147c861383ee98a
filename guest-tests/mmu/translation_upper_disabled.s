	.include "test.inc"
	.include "mmu.inc"
	test	"TCR_EL1.EPD1 makes the upper half fault at level 0"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x04
	expect	far_el1, 0xffffff8000000000
	begin
	mmu_on
	mov	x0, #0xffffff8000000000
	ldr	x1, [x0]
	finish
