	.include "test.inc"
	test	"ERET is UNDEFINED at EL0"
	expect_exception	0, 0x400
	begin
	enter_el0	user
user:
	eret
	finish	1
