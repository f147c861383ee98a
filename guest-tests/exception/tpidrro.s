	.include "test.inc"
	test	"TPIDRRO_EL0 can be read at EL0 and not written"
	expect_exception	0, 0x400
	expect	x0, 0x77
	begin
	mov	x0, #0x77
	msr	tpidrro_el0, x0
	mov	x0, #0
	enter_el0	user
user:
	mrs	x0, tpidrro_el0
	msr	tpidrro_el0, x0
	finish	1
