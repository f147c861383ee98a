	.include "test.inc"
	.include "mmu.inc"
	test	"a table outside RAM is a synchronous external abort on the walk, at its level"
	engines	interp jit
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + 0x17
	expect	far_el1, HOLE + 0x3000
	begin
	mmu_on
	map	256, NOWHERE + DESC_TABLE
	ldr	x0, =HOLE + 0x3000
	ldr	w1, [x0]
	finish
