	.include "test.inc"
	test	"The UART's level-sensitive SPI comes again until the UART is served"
	gic	3
	.set	UART_SPI, 33
	begin
	.include "gic/gic.inc"
	gic_on
	level_sensitive UART_SPI
	interrupt UART_SPI
	puts	"x"				// leaves the transmit interrupt raised
	movz	x10, #(UART >> 16), lsl #16
	mov	w0, #(1 << 5)
	str	w0, [x10, #0x38]		// UARTIMSC.TXIM
	await_irq
	mov	x20, #2
1:	mrs	x19, icc_iar1_el1
	cmp	x19, #UART_SPI
	fail_if	ne, 1
	msr	icc_eoir1_el1, x19
	isb
	await_irq
	subs	x20, x20, #1
	b.ne	1b
	mrs	x19, icc_iar1_el1
	mov	w0, #(1 << 5)
	str	w0, [x10, #0x44]		// UARTICR
	dsb	sy
	gic_get	ISPENDR, UART_SPI
	fail_if	ne, 2
	msr	icc_eoir1_el1, x19
	isb
	fail_if_pending 3
	finish
