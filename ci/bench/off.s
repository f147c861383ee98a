/*
 * The least that a guest can do: power itself off (PSCI 1.1, 5.10 SYSTEM_OFF).  `make bench` runs
 * many of them to see what a test costs besides its own work, under god and, because nothing here
 * is god's own, under QEMU.
 */
	.include "test.inc"
	test	"powers off at once"
	expect_off
	begin
	ldr	x0, =0x84000008
	hvc	#0
