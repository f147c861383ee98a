	.include "test.inc"
	test	"GICC_AHPPIR, GICC_AIAR and GICC_AEOIR are for Group 1 without AckCtl"
	gic	2
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	interrupt 20, 0x80, 1
	gic_set	ISPENDR, 20
	await_irq
	gicc_expect GICC_AHPPIR, 20, 1
	gicc_expect GICC_AIAR, 20, 2
	gicc_write GICC_AEOIR, 20
	gic_get	ISACTIVER, 20
	fail_if	ne, 3
	gicc_expect GICC_AIAR, SPURIOUS, 4
	finish
