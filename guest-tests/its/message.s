	.include "test.inc"
	test	"A message becomes the LPI that the tables say, once"
	gic	3
	engines	interp jit			// KVM gives no DeviceID to the CPU's own stores
	begin
	.include "gic/gic.inc"
	.include "its/its.inc"
	mmu_on
	gic_on
	lpi_config LPI + 9, 0x81
	its_on
	mapc	3, 0
	mapd	0, 4, ITS_ITT
	mapti	0, 6, LPI + 9, 3
	its_sync 0
	fail_if_pending 1
	ldr	x9, =TRANSLATER
	mov	w0, #6
	str	w0, [x9]
	expect_lpi LPI + 9, 2
	fail_if_pending 3
	mov	w0, #7				// not mapped
	str	w0, [x9]
	mov	w0, #6
	dsb	sy
	fail_if_pending 4
	finish
	.ltorg
