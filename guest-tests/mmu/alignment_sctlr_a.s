	.include "test.inc"
	.include "mmu.inc"
	test	"SCTLR_EL1.A makes unaligned accesses to Normal memory fault"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x21
	expect	far_el1, scratch_page + 4
	expect	x1, 0x77
	begin
	mmu_on
	adrp	x0, scratch_page
	mov	x1, #0x77
	str	x1, [x0, #4]
	ldr	x1, [x0, #4]
	mrs	x2, sctlr_el1
	orr	x2, x2, #2
	msr	sctlr_el1, x2
	isb
	ldr	x3, [x0, #4]
	finish
