	.include "test.inc"
	test	"Group 0 is signalled by IRQ, or with GICC_CTLR.FIQEn by FIQ; Group 1 by IRQ"
	gic	2
	handler	0x300, on_fiq
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	interrupt 20, 0x80, 0
	gic_set	ISPENDR, 20
	await_irq
	mrs	x0, isr_el1
	tst	x0, #(1 << 6)
	fail_if	ne, 1
	gicc_write GICC_CTLR, 3 | 1 << 3
	await_fiq
	mrs	x0, isr_el1
	tst	x0, #(1 << 7)
	fail_if	ne, 2
	interrupt 21, 0x40, 1
	gic_set	ISPENDR, 21
	await_irq
	gicc_write GICC_CTLR, 3 | 1 << 3 | 1 << 2	// AckCtl: GICC_IAR is for Group 1, too
	gicc_expect GICC_IAR, 21, 3
	gic_set	ICPENDR, 21
	gicc_write GICC_EOIR, 21
	msr	daifclr, #1
	b	.
on_fiq:	gicc_expect GICC_IAR, 20, 4
	finish
