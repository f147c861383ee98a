	.include "test.inc"
	.include "mmu.inc"
	test	"executing from where there is no RAM is a synchronous external abort"
	expect_exception	0x21, 0x200
	expect	esr_el1, IABORT_EL1 + 0x10
	expect	elr_el1, HOLE
	begin
	mmu_on
	map	256, NOWHERE + DESC_BLOCK + DESC_RAM
	ldr	x0, =HOLE
	br	x0
	finish
