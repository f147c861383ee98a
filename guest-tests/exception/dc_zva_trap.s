	.include "test.inc"
	test	"DC ZVA at EL0 traps when SCTLR_EL1.DZE is clear"
	expect_exception	0x18, 0x400
	expect	esr_el1, 0x6212dc08 + 0x60
	begin
	mrs	x0, sctlr_el1
	bic	x0, x0, #(1 << 14)
	msr	sctlr_el1, x0
	isb
	enter_el0	user
user:
	dc	zva, x3
	finish	1
