	.include "test.inc"
	test	"HVC is UNDEFINED at EL0"
	expect_exception	0, 0x400
	begin
	enter_el0	user
user:
	hvc	#0
	finish	1
