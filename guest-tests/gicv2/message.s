	.include "test.inc"
	test	"A number written to the GICv2m's MSI_SETSPI_NS is an edge of that SPI"
	gic	2
	.set	V2M, 0x08020000
	.set	MSI, 83
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	ldr	x9, =V2M
	ldr	w0, [x9, #8]			// MSI_TYPER: is it one of those?
	ubfx	w1, w0, #16, #10
	and	w0, w0, #0x3ff
	mov	w2, #MSI
	sub	w2, w2, w1
	cmp	w2, w0
	fail_if	hs, 1
	mov	w0, #(2 << ((MSI % 16) * 2))
	str	w0, [x28, #(ICFGR + MSI / 16 * 4)]
	interrupt MSI
	mov	w0, #MSI
	str	w0, [x9, #0x40]
	await_irq
	gicc_expect GICC_IAR, MSI, 2
	gicc_write GICC_EOIR, MSI
	fail_if_pending 3
	mov	w0, #33				// not one of those
	str	w0, [x9, #0x40]
	gic_get	ISPENDR, 33
	fail_if	ne, 4
	finish
