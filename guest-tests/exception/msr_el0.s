	.include "test.inc"
	test	"writing a register of EL1 at EL0 is UNDEFINED"
	expect_exception	0, 0x400
	expect	esr_el1, 0x02000000
	begin
	enter_el0	user
user:
	msr	vbar_el1, x0
	finish	1
