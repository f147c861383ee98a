	.include "test.inc"
	test	"WFI at EL0 traps when SCTLR_EL1.nTWI is clear"
	expect_exception	0x01, 0x400
	expect	esr_el1, 0x07e00000
	begin
	mrs	x0, sctlr_el1
	bic	x0, x0, #(1 << 16)
	msr	sctlr_el1, x0
	isb
	enter_el0	user
user:
	wfi
	finish	1
