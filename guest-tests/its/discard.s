	.include "test.inc"
	test	"DISCARD of an event takes back its LPI, which was pending"
	engines	interp, jit			// KVM leaves it pending
	gic	3
	begin
	.include "gic/gic.inc"
	.include "its/its.inc"
	mmu_on
	gic_on
	its_on
	mapc	0, 0
	mapd	5, 2, ITS_ITT
	mapti	5, 1, LPI, 0
	lpi_config LPI, 0xa1
	its_inv	5, 1
	its_int	5, 1
	its_sync 0
	await_irq
	its_command 5 << 32 | 0x0f, 1		// DISCARD
	its_sync 0
	fail_if_pending 1
	finish
	.ltorg
