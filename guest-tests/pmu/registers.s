	.include "test.inc"
	.include "pmu.inc"
	test	"the registers of the PMU: six counters, their two views, what bits there are"
	needs	pmu
	engines	interp, jit
	expect	x0, 4				// PMUVer: PMUv3p1
	expect	x1, 6 << 11 | 1 << 6		// PMCR: N, LC
	expect	x2, 0x500a7fc1			// PMCEID0
	expect	x3, 0x1a			// PMCEID1
	expect	x4, 0x8000003f			// PMCNTENSET takes what exists
	expect	x5, 0x80000015			// and PMCNTENCLR away
	expect	x6, 0xc000ffff			// PMEVTYPER2 by PMXEVTYPER
	expect	x7, 0xdeadbeef			// PMEVCNTR3 by PMXEVCNTR
	expect	x8, 0xc0000000			// PMCCFILTR by PMXEVTYPER
	expect	x9, 0x8000003f			// PMOVSSET
	expect	x10, 0x80000030			// PMOVSCLR
	expect	x11, 0
	expect	x12, 0x0123456789abcdef		// PMCCNTR
	begin
	mrs	x0, id_aa64dfr0_el1
	ubfx	x0, x0, #8, #4
	mrs	x1, pmcr_el0
	mrs	x2, pmceid0_el0
	mrs	x3, pmceid1_el0
	mov	x20, #-1
	msr	pmcntenset_el0, x20
	mrs	x4, pmcntenset_el0
	mov	x20, #0x2a
	msr	pmcntenclr_el0, x20
	mrs	x5, pmcntenclr_el0
	mov	x20, #-1
	mov	x21, #2
	msr	pmselr_el0, x21
	isb
	msr	pmxevtyper_el0, x20
	mrs	x6, pmevtyper2_el0
	mov	x21, #3
	msr	pmselr_el0, x21
	isb
	ldr	x22, =0x1deadbeef
	msr	pmxevcntr_el0, x22
	mrs	x7, pmevcntr3_el0
	mov	x21, #31
	msr	pmselr_el0, x21
	isb
	msr	pmxevtyper_el0, x20
	mrs	x8, pmccfiltr_el0
	msr	pmovsset_el0, x20
	mrs	x9, pmovsclr_el0
	mov	x21, #0xf
	msr	pmovsclr_el0, x21
	mrs	x10, pmovsset_el0
	msr	pmovsclr_el0, x20
	mrs	x11, pmovsset_el0
	ldr	x20, =0x0123456789abcdef
	msr	pmccntr_el0, x20
	mrs	x12, pmccntr_el0
	finish
