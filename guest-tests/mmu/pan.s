	.include "test.inc"
	.include "mmu.inc"
	test	"with PSTATE.PAN set, EL1 may not load from what EL0 can access"
	needs	pan
	handler	0x200, on_abort
	expect	esr_el1, DABORT_EL1 + 0x0e
	expect	far_el1, HOLE
	expect	elr_el1, at
	expect	x1, 7
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_EL0
	ldr	x0, =HOLE
	mov	x1, #7
	str	x1, [x0]
	ldr	x1, [x0]
	.arch	armv8.2-a
	msr	pan, #1
at:
	ldr	x2, [x0]
	finish	1
on_abort:
	// The exit device is EL0's too.
	msr	pan, #0
	finish
