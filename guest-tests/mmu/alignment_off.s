	.include "test.inc"
	.include "mmu.inc"
	test	"with the MMU off data is Device memory: an unaligned store faults"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + WNR + 0x21
	expect	far_el1, FREE + 2
	begin
	ldr	x0, =FREE
	str	w1, [x0]
	strh	w1, [x0, #2]
	str	w1, [x0, #2]
	finish
