	.include "test.inc"
	test	"an unallocated encoding is UNDEFINED at EL0 too"
	expect_exception	0, 0x400
	expect	esr_el1, 0x02000000
	begin
	enter_el0	user
user:
	.inst	0xe7ffffff
	finish	1
