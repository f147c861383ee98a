	.include "test.inc"
	.include "mmu.inc"
	test	"DC ZVA on Device memory is an alignment fault"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + WNR + 0x21
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_AF
	ldr	x0, =HOLE
	dc	zva, x0
	finish
