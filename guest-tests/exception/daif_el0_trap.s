	.include "test.inc"
	test	"DAIFSet at EL0 traps when SCTLR_EL1.UMA is clear"
	expect_exception	0x18, 0x400
	begin
	mrs	x0, sctlr_el1
	bic	x0, x0, #(1 << 9)
	msr	sctlr_el1, x0
	isb
	enter_el0	user
user:
	msr	daifset, #2
	finish	1
