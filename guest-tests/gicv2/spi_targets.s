	.include "test.inc"
	test	"An SPI goes to those whom GICD_ITARGETSR names; who reads GICC_IAR first has it"
	gic	2
	cpus	2
	.set	SPI, 60
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	ldrb	w0, [x28, #ITARGETSR]		// who reads is who private interrupts go to
	cmp	w0, #1
	fail_if	ne, 1
	start_cpu 1, other
	adr	x9, step
	wait_word x9, #1
	interrupt SPI, 0x80, 0, 2
	gic_set	ISPENDR, SPI
	wait_word x9, #2			// the other CPU has taken it
	fail_if_pending 2
	gicc_expect GICC_IAR, SPURIOUS, 3
	mov	w0, #3
	strb	w0, [x28, #(ITARGETSR + SPI)]
	fail_if_pending 4			// it is active there
	mov	w0, #3
	stlr	w0, [x9]
	wait_word x9, #4
	gic_set	ISPENDR, SPI
	await_irq
	gicc_expect GICC_IAR, SPI, 5
	gicc_write GICC_EOIR, SPI
	finish

other:	gic_on
	adr	x9, step
	mov	w0, #1
	stlr	w0, [x9]
	await_irq
	gicc_expect GICC_IAR, SPI, 6
	mov	w0, #2
	stlr	w0, [x9]
	wait_word x9, #3
	gicc_write GICC_EOIR, SPI
	mov	w0, #4
	stlr	w0, [x9]
	b	.

	.data
	.balign	4
step:	.word	0
