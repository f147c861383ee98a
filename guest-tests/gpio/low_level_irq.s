	.include "test.inc"
	test	"A low input whose low level is wanted interrupts as SPI 7 until it is masked"
	gic	3
	.set	GPIO, 0x09030000
	.set	GPIO_SPI, 39
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt GPIO_SPI
	ldr	x9, =GPIO
	mov	w0, #1
	str	w0, [x9, #0x404]		// GPIOIS: level
	fail_if_pending 1
	mov	w0, #1
	str	w0, [x9, #0x410]		// GPIOIE
	await_irq
	mrs	x19, icc_iar1_el1
	cmp	x19, #GPIO_SPI
	fail_if	ne, 2
	ldr	w0, [x9, #0x418]		// GPIOMIS
	cmp	w0, #1
	fail_if	ne, 3
	str	wzr, [x9, #0x410]
	ldr	w0, [x9, #0x414]		// GPIORIS
	cmp	w0, #1
	fail_if	ne, 4
	msr	icc_eoir1_el1, x19
	dsb	sy
	fail_if_pending 5
	finish
