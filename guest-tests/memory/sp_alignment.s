	.include "test.inc"
	test	"SCTLR_EL1.SA: a load or store with an unaligned SP as base faults; arithmetic does not"
	expect	x0, 0x9a000000
	expect	x1, here
	expect	x2, 5
	handler 0x000, on_fault
	begin
	mmu_on
	mrs	x9, sctlr_el1
	orr	x9, x9, #8
	msr	sctlr_el1, x9
	isb
	msr	spsel, #0
	mov	x2, #5
	sub	sp, sp, #24
	mov	x10, sp
	ldr	x3, [x10]
here:	ldr	x2, [sp]
	finish	1
on_fault:
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	finish
