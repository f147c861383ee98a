	.include "test.inc"
	test	"GICC_BPR keeps interrupts of one group priority from preempting each other"
	gic	2
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	gicc_write GICC_BPR, 5			// bits [7:6] are the group priority
	interrupt 20, 0xb0
	interrupt 21, 0x80
	interrupt 22, 0x70
	gic_set	ISPENDR, 20
	await_irq
	gicc_expect GICC_IAR, 20, 1
	gicc_expect GICC_RPR, 0x80, 2
	gic_set	ISPENDR, 21
	fail_if_pending 3
	gic_set	ISPENDR, 22
	await_irq
	gicc_expect GICC_IAR, 22, 4
	gicc_expect GICC_RPR, 0x40, 5
	gicc_write GICC_EOIR, 22
	gicc_expect GICC_RPR, 0x80, 6
	fail_if_pending 7
	gicc_write GICC_EOIR, 20
	gicc_expect GICC_RPR, 0xff, 8
	gicc_expect GICC_IAR, 21, 9
	finish
