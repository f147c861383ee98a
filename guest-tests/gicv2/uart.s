	.include "test.inc"
	test	"The UART's level-sensitive SPI comes again until the UART is served"
	gic	2
	.set	UART_SPI, 33
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	level_sensitive UART_SPI
	interrupt UART_SPI
	puts	"x"				// leaves the transmit interrupt raised
	movz	x10, #(UART >> 16), lsl #16
	mov	w0, #(1 << 5)
	str	w0, [x10, #0x38]		// UARTIMSC.TXIM
	await_irq
	mov	x20, #2
1:	gicc_expect GICC_IAR, UART_SPI, 1
	gicc_write GICC_EOIR, UART_SPI
	await_irq
	subs	x20, x20, #1
	b.ne	1b
	gicc_expect GICC_IAR, UART_SPI, 2
	mov	w0, #(1 << 5)
	str	w0, [x10, #0x44]		// UARTICR
	dsb	sy
	gic_get	ISPENDR, UART_SPI
	fail_if	ne, 3
	gicc_write GICC_EOIR, UART_SPI
	fail_if_pending 4
	finish
