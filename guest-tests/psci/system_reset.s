	.include "test.inc"
	test	"SYSTEM_RESET asks for a reset"
	expect_reset
	begin
	movz	x0, #0x8400, lsl #16
	movk	x0, #0x0009
	hvc	#0
	finish	1
