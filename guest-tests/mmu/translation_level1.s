	.include "test.inc"
	.include "mmu.inc"
	test	"a load from an unmapped gigabyte faults at level 1"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x05
	expect	far_el1, 0x80000010
	expect	x1, 0x1234
	begin
	mmu_on
	mov	x1, #0x1234
	ldr	x0, =0x80000010
	ldr	x1, [x0]
	finish
