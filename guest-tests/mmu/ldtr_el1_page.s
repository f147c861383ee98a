	.include "test.inc"
	.include "mmu.inc"
	test	"LDTR at EL1 has EL0's permissions"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x0e
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM
	ldr	x0, =HOLE
	ldr	x1, [x0]
	ldtr	x1, [x0]
	finish
