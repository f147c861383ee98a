	.include "test.inc"
	.include "pmu.inc"
	test	"exceptions, their returns, writes of TTBR and of the context are counted"
	needs	pmu
	engines	interp, jit		// a host may have other events
	handler	0x200, taken
	expect	x0, 3				// EXC_TAKEN
	expect	x1, 3				// EXC_RETURN
	expect	x2, 2				// TTBR_WRITE_RETIRED
	expect	x3, 1				// CID_WRITE_RETIRED
	begin
	event	0, EXC_TAKEN
	event	1, EXC_RETURN
	event	2, TTBR_WRITE_RETIRED
	event	3, CID_WRITE_RETIRED
	pmu_start 0xf
	svc	#0
	brk	#0
	svc	#0
	msr	ttbr0_el1, xzr
	msr	ttbr1_el1, xzr
	msr	contextidr_el1, xzr
	pmu_stop
	mrs	x0, pmevcntr0_el0
	mrs	x1, pmevcntr1_el0
	mrs	x2, pmevcntr2_el0
	mrs	x3, pmevcntr3_el0
	finish
taken:	mrs	x9, esr_el1
	lsr	x9, x9, #26
	cmp	x9, #0x3c			// BRK returns to itself
	b.ne	1f
	mrs	x9, elr_el1
	add	x9, x9, #4
	msr	elr_el1, x9
1:	eret
