// ERET with SPSR_EL1.SS clear while step is enabled: the exception is due at once, with nothing
// executed, and the syndrome says that no instruction was stepped (ISV 0).
	.include "test.inc"
	.include "debug.inc"
	test	"ERET with SPSR.SS clear takes the step exception before any instruction"
	expect_exception 0x32, 0x400
	expect	esr_el1, ESR_STEP_EL0
	expect	elr_el1, user
	expect	x0, 0
	begin
	mov	x0, #0
	debug_on MDSCR_SS
	enter_el0 user
user:	mov	x0, #1
	finish	1
