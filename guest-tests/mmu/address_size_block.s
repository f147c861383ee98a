	.include "test.inc"
	.include "mmu.inc"
	test	"an output address beyond TCR_EL1.IPS is an address size fault"
	engines	interp jit
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x02
	begin
	mmu_on
	map	256, 0x10000000000 + DESC_BLOCK + DESC_RAM
	ldr	x0, =HOLE
	ldr	x1, [x0]
	finish
