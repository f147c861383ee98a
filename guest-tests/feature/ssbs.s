// FEAT_SSBS: PSTATE.SSBS by both forms of MSR, at EL0 too; an exception takes it from
// SCTLR_EL1.DSSBS and keeps the old one in SPSR_EL1.
	.include "test.inc"
	test	"PSTATE.SSBS is written at EL0, saved, and set from SCTLR_EL1.DSSBS"
	needs	ssbs
	handler	0x400, taken
	expect	x10, 1 << 12
	expect	x11, 0
	expect	x12, 1 << 12
	expect	x13, 1 << 12			// SPSR of the first SVC: SSBS set
	expect	x14, 0				// in its handler: DSSBS 0
	expect	x15, 0				// SPSR of the second
	expect	x16, 1 << 12			// in its handler: DSSBS 1
	begin
	mov	x20, #0
	enter_el0 user
user:	msr	ssbs, #1
	mrs	x10, ssbs
	msr	ssbs, #0
	mrs	x11, ssbs
	mov	x0, #(1 << 12)
	msr	ssbs, x0
	mrs	x12, ssbs
	svc	#0
	msr	ssbs, #0
	svc	#1
	b	.

taken:	cbnz	x20, second
	mov	x20, #1
	mrs	x13, spsr_el1
	and	x13, x13, #(1 << 12)
	mrs	x14, ssbs
	mrs	x0, sctlr_el1
	orr	x0, x0, #(1 << 44)
	msr	sctlr_el1, x0
	isb
	eret
second:	mrs	x15, spsr_el1
	and	x15, x15, #(1 << 12)
	mrs	x16, ssbs
	finish
