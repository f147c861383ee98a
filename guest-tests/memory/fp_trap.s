	.include "test.inc"
	test	"A load of a vector register traps when CPACR_EL1 disables FP, before it accesses memory"
	expect	x0, 0x1fe00000
	expect	x1, here
	handler 0x200, on_trap
	begin
	mmu_on
	msr	cpacr_el1, xzr
	isb
	mov	x9, #0x60000000
here:	ldr	q0, [x9]
	finish	1
on_trap:
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	finish
