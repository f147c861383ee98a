	.include "test.inc"
	test	"SCTLR_EL1.SA0 checks SP at EL0, and the pair stores nothing"
	expect	x0, 0x9a000000
	expect	x1, here
	handler 0x400, on_fault
	begin
	mmu_on
	mrs	x9, sctlr_el1
	orr	x9, x9, #16
	msr	sctlr_el1, x9
	isb
	enter_el0 user
user:	sub	sp, sp, #8
here:	stp	x9, x9, [sp, #-16]!
	finish	1
on_fault:
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	finish
