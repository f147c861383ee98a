	.include "test.inc"
	.include "pmu.inc"
	test	"PMSWINC counts, overflows, and a chained counter counts the overflows"
	needs	pmu
	expect	x0, 1				// from 0xfffffffe by three
	expect	x1, 8				// CHAIN, from 7
	expect	x2, 1				// PMOVS: counter 0
	expect	x3, 3				// counter 2
	expect	x4, 0				// not enabled
	expect	x5, 0				// counts another event
	begin
	event	0, SW_INCR, 0xfffffffe
	event	1, CHAIN, 7
	event	2, SW_INCR
	event	3, SW_INCR
	event	4, CID_WRITE_RETIRED
	pmu_start 0x17
	mov	x9, #0x1d
	msr	pmswinc_el0, x9
	msr	pmswinc_el0, x9
	msr	pmswinc_el0, x9
	pmu_stop
	msr	pmswinc_el0, x9
	mrs	x0, pmevcntr0_el0
	mov	w0, w0				// from PMUv3p5 on it has 64 bits, and overflows at 32
	mrs	x1, pmevcntr1_el0
	mrs	x2, pmovsset_el0
	mrs	x3, pmevcntr2_el0
	mrs	x4, pmevcntr3_el0
	mrs	x5, pmevcntr4_el0
	finish
