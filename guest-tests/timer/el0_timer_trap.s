	.include "test.inc"
	test	"CNTKCTL_EL1.EL0VTEN 0 traps a write of CNTV_CTL_EL0 at EL0"
	expect_exception 0x18, 0x400
	// EC 0x18, IL; op0 3, op2 1, op1 3, CRn 14, Rt 7, CRm 3, write
	expect	esr_el1, 0x62000000 | 3 << 20 | 1 << 17 | 3 << 14 | 14 << 10 | 7 << 5 | 3 << 1
	begin
	mov	x0, #(1 << 9 | 3)		// all but EL0VTEN
	msr	cntkctl_el1, x0
	isb
	enter_el0 user
user:	msr	cntv_ctl_el0, x7
	finish	1
