	.include "test.inc"
	test	"A Group 1 interrupt reads as 1022 from GICC_IAR and is for GICC_AIAR, or for all with AckCtl"
	gic	2
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	interrupt 20, 0x80, 1
	gic_set	ISPENDR, 20
	await_irq
	gicc_expect GICC_HPPIR, 1022, 1
	gicc_expect GICC_IAR, 1022, 2
	gicc_expect GICC_AHPPIR, 20, 3
	gicc_expect GICC_AIAR, 20, 4
	gicc_write GICC_AEOIR, 20
	gic_get	ISACTIVER, 20
	fail_if	ne, 5
	gicc_write GICC_CTLR, 7			// AckCtl
	gic_set	ISPENDR, 20
	await_irq
	gicc_expect GICC_IAR, 20, 6
	gicc_write GICC_EOIR, 20
	gic_get	ISACTIVER, 20
	fail_if	ne, 7
	finish
