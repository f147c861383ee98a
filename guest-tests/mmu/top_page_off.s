	.include "test.inc"
	.include "mmu.inc"
	test	"with the MMU off the last page of all is out of the physical address space, like others"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1
	expect	far_el1, 0xfffffffffffff008
	begin
	ldr	x0, =FREE
	str	x0, [x0]
	ldr	x0, =0xfffffffffffff000
	ldr	x1, [x0, #8]
	finish
