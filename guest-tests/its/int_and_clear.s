	.include "test.inc"
	test	"INT makes an LPI pending and CLEAR takes it back; its configuration counts after INV"
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
	its_int	5, 1
	its_sync 0
	fail_if_pending 1			// it is not enabled
	lpi_config LPI, 0xa1
	its_inv	5, 1
	its_sync 0
	expect_lpi LPI, 2
	b	1f
	.ltorg
1:	its_int	5, 1
	its_sync 0
	await_irq
	its_clear 5, 1
	its_sync 0
	fail_if_pending 3
	its_command 5 << 32 | 0x0f, 1		// DISCARD
	its_int	5, 1				// not mapped any more
	its_sync 0
	fail_if_pending 4
	finish
	.ltorg
