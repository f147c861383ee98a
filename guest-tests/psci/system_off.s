	.include "test.inc"
	test	"SYSTEM_OFF ends the run"
	expect_off
	begin
	movz	x0, #0x8400, lsl #16
	movk	x0, #0x0008
	hvc	#0
	finish	1
