	.include "test.inc"
	test	"HLT is UNDEFINED without halting debug"
	expect_exception	0, 0x200
	begin
	hlt	#1
	finish	1
