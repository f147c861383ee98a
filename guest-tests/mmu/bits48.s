	.include "test.inc"
	.include "mmu.inc"
	test	"48-bit addresses: four levels, the highest address of the lower half"
	expect	x1, 0x48
	expect	far_el1, 0x0000ff8000000000
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x04
	begin
	mmu_on
	ldr	x0, =FREE
	mov	x1, #0x48
	str	x1, [x0]
	ldr	x0, =level0
	adrp	x1, mmu_l1
	orr	x1, x1, #3
	str	x1, [x0]
	ldr	x2, =level1
	orr	x1, x2, #3
	str	x1, [x0, #4088]
	adrp	x3, mmu_l2
	orr	x1, x3, #3
	str	x1, [x2, #4088]
	map	511, FREE + DESC_BLOCK + DESC_RAM
	mrs	x1, tcr_el1
	bic	x1, x1, #0x3f
	orr	x1, x1, #16
	msr	ttbr0_el1, x0
	msr	tcr_el1, x1
	isb
	tlbi	vmalle1
	dsb	ish
	isb
	ldr	x0, =0x0000ffffffe00000
	ldr	x1, [x0]
	// An empty entry of level 0.
	str	xzr, [x2, #4088]
	ldr	x0, =level0
	str	xzr, [x0, #4088]
	dsb	ish
	tlbi	vmalle1
	dsb	ish
	isb
	ldr	x0, =0x0000ff8000000000
	ldr	x2, [x0]
	finish
	.pushsection	.bss.tables, "aw", %nobits
	.balign	4096
level0:
	.skip	4096
level1:
	.skip	4096
	.popsection
