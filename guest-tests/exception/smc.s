	.include "test.inc"
	test	"SMC is UNDEFINED without EL3"
	engines	interp jit
	expect_exception	0, 0x200
	begin
	smc	#0
	finish	1
