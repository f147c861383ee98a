	.include "test.inc"
	test	"CTR_EL0 at EL0 traps when SCTLR_EL1.UCT is clear, with the access in the ISS"
	expect_exception	0x18, 0x400
	expect	esr_el1, 0x6232c061 + 0x80
	begin
	mrs	x0, sctlr_el1
	bic	x0, x0, #(1 << 15)
	msr	sctlr_el1, x0
	isb
	enter_el0	user
user:
	mrs	x7, ctr_el0
	finish	1
