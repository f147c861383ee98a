	.include "test.inc"
	.include "mmu.inc"
	test	"an unaligned load from Device memory is an alignment fault"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x21
	expect	far_el1, HOLE + 1
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_AF
	ldr	x0, =HOLE
	ldr	w1, [x0]
	ldr	w1, [x0, #1]
	finish
