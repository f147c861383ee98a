	.include "test.inc"
	test	"GICD_SPENDSGIR and GICD_CPENDSGIR set and clear an SGI by sender, IS/ICPENDR do not"
	gic	2
	cpus	2
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	gic_set	ISPENDR, 3
	gic_get	ISPENDR, 3
	fail_if	ne, 1
	mov	w0, #3
	strb	w0, [x28, #(SPENDSGIR + 3)]
	await_irq
	gicc_expect GICC_HPPIR, 3, 2		// the lowest sender first
	mov	w0, #1
	strb	w0, [x28, #(CPENDSGIR + 3)]
	gic_set	ICPENDR, 3
	ldrb	w0, [x28, #(SPENDSGIR + 3)]
	cmp	w0, #2
	fail_if	ne, 3
	await_irq
	gicc_expect GICC_IAR, 1 << 10 | 3, 4
	gicc_write GICC_EOIR, 1 << 10 | 3
	fail_if_pending 5
	mov	w0, #2
	strb	w0, [x28, #(SPENDSGIR + 3)]
	await_irq
	mov	w0, #2
	strb	w0, [x28, #(CPENDSGIR + 3)]
	fail_if_pending 6
	gicc_expect GICC_HPPIR, SPURIOUS, 7
	finish
