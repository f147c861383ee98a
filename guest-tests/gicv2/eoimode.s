	.include "test.inc"
	test	"With EOImode 1, GICC_EOIR drops the priority and GICC_DIR deactivates"
	gic	2
	begin
	.include "gicv2/gicv2.inc"
	gic_on	3 | 1 << 9
	interrupt 20, 0x80
	interrupt 21, 0x80
	gic_set	ISPENDR, 20
	await_irq
	gicc_expect GICC_IAR, 20, 1
	gicc_expect GICC_RPR, 0x80, 2
	gic_set	ISPENDR, 20			// active and pending
	gicc_write GICC_EOIR, 20
	gicc_expect GICC_RPR, 0xff, 3
	gic_get	ISACTIVER, 20
	fail_if	eq, 4
	fail_if_pending 5
	gic_set	ISPENDR, 21			// another one of the same priority may come
	await_irq
	gicc_expect GICC_IAR, 21, 6
	gicc_write GICC_EOIR, 21
	add	x27, x27, #GICC_DIR
	mov	w0, #21
	str	w0, [x27]
	fail_if_pending 7
	mov	w0, #20
	str	w0, [x27]
	sub	x27, x27, #GICC_DIR
	await_irq
	gicc_expect GICC_IAR, 20, 8
	finish
