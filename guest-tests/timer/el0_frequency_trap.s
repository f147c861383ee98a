	.include "test.inc"
	test	"CNTFRQ_EL0 traps at EL0 when neither counter is allowed there"
	expect_exception 0x18, 0x400
	begin
	mov	x0, #(1 << 8 | 1 << 9)
	msr	cntkctl_el1, x0
	isb
	enter_el0 user
user:	mrs	x0, cntfrq_el0
	finish	1
