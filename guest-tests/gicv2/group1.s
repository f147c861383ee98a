	.include "test.inc"
	test	"A Group 1 interrupt reads as 1022 from GICC_IAR, and with AckCtl as itself"
	gic	2
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	interrupt 20, 0x80, 1
	gic_set	ISPENDR, 20
	await_irq
	gicc_expect GICC_HPPIR, 1022, 1
	gicc_expect GICC_IAR, 1022, 2
	gic_get	ISACTIVER, 20
	fail_if	ne, 3
	gicc_write GICC_CTLR, 7			// AckCtl
	gicc_expect GICC_HPPIR, 20, 4
	gicc_expect GICC_IAR, 20, 5
	gic_get	ISACTIVER, 20
	fail_if	eq, 6
	gicc_write GICC_EOIR, 20
	gic_get	ISACTIVER, 20
	fail_if	ne, 7
	gicc_expect GICC_IAR, SPURIOUS, 8
	finish
