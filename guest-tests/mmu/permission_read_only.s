	.include "test.inc"
	.include "mmu.inc"
	test	"a store to a read-only block is a permission fault, and a load is not"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + WNR + 0x0e
	expect	far_el1, HOLE
	expect	x1, 0x55aa
	begin
	mmu_on
	ldr	x0, =FREE
	mov	x1, #0x55aa
	str	x1, [x0]
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_RO
	ldr	x0, =HOLE
	mov	x1, #0
	ldr	x1, [x0]
	str	xzr, [x0]
	finish
