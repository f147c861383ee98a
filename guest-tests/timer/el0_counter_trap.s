	.include "test.inc"
	test	"CNTKCTL_EL1.EL0VCTEN 0 traps CNTVCT_EL0 at EL0 with its encoding in ESR_EL1"
	expect_exception 0x18, 0x400
	// EC 0x18, IL; op0 3, op2 2, op1 3, CRn 14, Rt 5, CRm 0, read
	expect	esr_el1, 0x62000000 | 3 << 20 | 2 << 17 | 3 << 14 | 14 << 10 | 5 << 5 | 0 << 1 | 1
	begin
	msr	cntkctl_el1, xzr
	isb
	enter_el0 user
user:	mrs	x5, cntvct_el0
	finish	1
