// With UAO, LDTR is an access of EL1, and so one that PAN forbids on EL0's pages.
	.include "test.inc"
	test	"PSTATE.PAN applies to LDTR when PSTATE.UAO is set"
	needs	uao, pan
	handler	0x200, fault
	expect	esr_el1, 0x9600000e		// data abort, permission, level 2
	expect	far_el1, 0x40400000
	expect	x10, 0
	begin
	mmu_on
	mov	x0, #0x40400000
	mov	x10, #-1
	msr	pan, #1
	ldtr	x10, [x0]			// as EL0: allowed
	msr	uao, #1
	ldtr	x11, [x0]
	msr	pan, #0
	finish	1

fault:	msr	pan, #0				// the exit device lies in a page of EL0's, too
	finish
