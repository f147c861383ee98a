// One cycle an instruction: of both, exactly as many as lie between two reads.
	.include "test.inc"
	.include "pmu.inc"
	test	"PMCCNTR and INST_RETIRED count each instruction, branches taken or not"
	needs	pmu
	engines	interp, jit
	expect	x10, 7				// straight
	expect	x11, 7
	expect	x12, 302			// MRS, MOV, 100 times three
	expect	x13, 0				// nothing is counted while PMCR.E is 0
	expect	x14, 0				// PMCR.C and P reset
	expect	x15, 0
	begin
	event	0, INST_RETIRED
	pmu_start CYCLES + 1
	mrs	x0, pmccntr_el0
	mrs	x2, pmevcntr0_el0
	nop
	nop
	b	1f
	nop
1:	nop
	cbnz	xzr, 1b
	mrs	x1, pmccntr_el0
	mrs	x3, pmevcntr0_el0
	sub	x10, x1, x0
	sub	x10, x10, #0
	sub	x11, x3, x2
	mrs	x0, pmccntr_el0
	mov	x4, #100
2:	nop
	subs	x4, x4, #1
	b.ne	2b
	mrs	x1, pmccntr_el0
	sub	x12, x1, x0
	pmu_stop
	mrs	x0, pmccntr_el0
	nop
	mrs	x1, pmccntr_el0
	sub	x13, x1, x0
	mov	x0, #(PMCR_P | PMCR_C)
	msr	pmcr_el0, x0
	mrs	x14, pmccntr_el0
	mrs	x15, pmevcntr0_el0
	finish
