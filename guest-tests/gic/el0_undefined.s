	.include "test.inc"
	test	"ICC_IAR1_EL1 is UNDEFINED at EL0"
	gic	3
	expect_exception 0, 0x400
	begin
	.include "gic/gic.inc"
	gic_on
	enter_el0 user
user:	mrs	x0, icc_iar1_el1
	finish	1
