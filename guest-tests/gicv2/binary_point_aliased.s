	.include "test.inc"
	test	"GICC_ABPR is the binary point of Group 1, GICC_BPR that of Group 0"
	gic	2
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	gicc_write GICC_BPR, 5			// bits [7:6] are the group priority
	gicc_write GICC_ABPR, 6			// of Group 1 likewise
	interrupt 20, 0xb0, 0
	interrupt 21, 0x80, 0
	interrupt 22, 0x90, 1
	interrupt 23, 0x70, 1
	gic_set	ISPENDR, 20
	await_irq
	gicc_expect GICC_IAR, 20, 1
	gicc_expect GICC_RPR, 0x80, 2
	gic_set	ISPENDR, 21
	gic_set	ISPENDR, 22
	fail_if_pending 3
	gic_set	ISPENDR, 23
	await_irq
	gicc_expect GICC_AIAR, 23, 4
	gicc_expect GICC_RPR, 0x40, 5
	gicc_write GICC_AEOIR, 23
	gicc_write GICC_EOIR, 20
	gicc_expect GICC_RPR, 0xff, 6
	gicc_expect GICC_IAR, 21, 7
	finish
