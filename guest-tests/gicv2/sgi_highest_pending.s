	.include "test.inc"
	test	"GICC_HPPIR names the sender of an SGI"
	gic	2
	cpus	2
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	mov	w0, #3
	strb	w0, [x28, #(SPENDSGIR + 3)]
	await_irq
	gicc_expect GICC_HPPIR, 3, 1		// the lowest first
	mov	w0, #1
	strb	w0, [x28, #(CPENDSGIR + 3)]
	await_irq
	gicc_expect GICC_HPPIR, 1 << 10 | 3, 2
	finish
