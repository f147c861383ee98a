	.include "test.inc"
	test	"With EOImode 1, GICC_EOIR drops the priority and GICC_DIR deactivates"
	gic	2
	.set	FIRST, 100
	.set	SECOND, 101
	begin
	.include "gicv2/gicv2.inc"
	gic_on	3 | 1 << 9
	edge_triggered FIRST
	edge_triggered SECOND
	interrupt FIRST, 0x80
	interrupt SECOND, 0x80
	gic_set	ISPENDR, FIRST
	await_irq
	gicc_expect GICC_IAR, FIRST, 1
	gicc_expect GICC_RPR, 0x80, 2
	gic_set	ISPENDR, FIRST			// active and pending
	gicc_write GICC_EOIR, FIRST
	gicc_expect GICC_RPR, 0xff, 3
	gic_get	ISACTIVER, FIRST
	fail_if	eq, 4
	fail_if_pending 5
	gic_set	ISPENDR, SECOND			// another one of the same priority may come
	await_irq
	gicc_expect GICC_IAR, SECOND, 6
	gicc_write GICC_EOIR, SECOND
	add	x27, x27, #GICC_DIR
	mov	w0, #SECOND
	str	w0, [x27]
	fail_if_pending 7
	mov	w0, #FIRST
	str	w0, [x27]
	sub	x27, x27, #GICC_DIR
	await_irq
	gicc_expect GICC_IAR, FIRST, 8
	finish
