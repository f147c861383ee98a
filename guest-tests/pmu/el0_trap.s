// What PMUSERENR_EL0 keeps from EL0 is trapped to EL1; what is EL1's own is UNDEFINED.
	.include "test.inc"
	.include "pmu.inc"
	test	"PMUSERENR_EL0 0 traps the PMU's registers at EL0"
	needs	pmu
	engines	interp, jit		// KVM makes them all UNDEFINED
	handler	0x400, taken
	// EC 0x18, IL; op0 3, op2 0, op1 3, CRn 9, Rt 7, CRm 13, read
	expect	x10, 0x62000000 | 3 << 20 | 0 << 17 | 3 << 14 | 9 << 10 | 7 << 5 | 13 << 1 | 1
	expect	x11, 8				// trapped
	expect	x12, 2				// UNDEFINED
	begin
	mov	x11, #0
	mov	x12, #0
	msr	pmuserenr_el0, xzr
	isb
	enter_el0 user
user:	mrs	x7, pmccntr_el0
	mov	x10, x9
	mrs	x7, pmxevcntr_el0
	msr	pmselr_el0, xzr
	msr	pmswinc_el0, xzr
	mrs	x7, pmcr_el0
	msr	pmccntr_el0, xzr
	mrs	x7, pmovsset_el0
	mrs	x7, pmceid0_el0
	msr	pmuserenr_el0, xzr
	mrs	x7, pmintenset_el1
	finish

taken:	mrs	x9, esr_el1
	lsr	x13, x9, #26
	cmp	x13, #0x18
	cinc	x11, x11, eq
	cmp	x13, #0
	cinc	x12, x12, eq
	mrs	x13, elr_el1
	add	x13, x13, #4
	msr	elr_el1, x13
	eret
