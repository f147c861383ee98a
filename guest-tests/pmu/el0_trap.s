	.include "test.inc"
	.include "pmu.inc"
	test	"PMUSERENR_EL0 0 traps PMCCNTR_EL0 at EL0"
	needs	pmu
	expect_exception 0x18, 0x400
	// EC 0x18, IL; op0 3, op2 0, op1 3, CRn 9, Rt 7, CRm 13, read
	expect	esr_el1, 0x62000000 | 3 << 20 | 0 << 17 | 3 << 14 | 9 << 10 | 7 << 5 | 13 << 1 | 1
	begin
	msr	pmuserenr_el0, xzr
	isb
	enter_el0 user
user:	mrs	x7, pmccntr_el0
	finish	1
