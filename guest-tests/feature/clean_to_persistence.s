// FEAT_DPB: DC CVAP is a cache operation by address like any other, trapped at EL0 by SCTLR_EL1.UCI.
	.include "test.inc"
	test	"DC CVAP works, and traps at EL0 when SCTLR_EL1.UCI is 0"
	needs	dpb
	expect_exception 0x18, 0x400
	// EC 0x18, IL; op0 1, op2 1, op1 3, CRn 7, Rt 2, CRm 12, write
	expect	esr_el1, 0x62000000 | 1 << 20 | 1 << 17 | 3 << 14 | 7 << 10 | 2 << 5 | 12 << 1
	begin
	mov	x2, sp
	dc	cvap, x2
	mrs	x0, sctlr_el1
	bic	x0, x0, #(1 << 26)
	msr	sctlr_el1, x0
	isb
	enter_el0 user
user:	dc	cvap, x2
	finish	1
