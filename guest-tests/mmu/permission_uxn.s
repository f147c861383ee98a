	.include "test.inc"
	.include "mmu.inc"
	test	"EL0 does not execute what is UXN"
	expect_exception	0x20, 0x400
	expect	esr_el1, IABORT_EL0 + 0x0e
	expect	elr_el1, HOLE
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_EL0 + DESC_RO + DESC_UXN
	ldr	x0, =HOLE
	enter_el0	user
user:
	br	x0
	finish
