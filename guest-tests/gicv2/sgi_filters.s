	.include "test.inc"
	test	"GICD_SGIR sends to a list, to all others, or to oneself"
	gic	2
	cpus	2
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	start_cpu 1, other
	adr	x9, step
	wait_word x9, #1
	send_sgi 1, 0, 1			// all others
	fail_if_pending 1
	wait_word x9, #2
	send_sgi 2, 2, 2			// oneself, whatever the list says
	await_irq
	gicc_expect GICC_IAR, 2, 2
	gicc_write GICC_EOIR, 2
	send_sgi 3, 2				// the list
	wait_word x9, #3
	fail_if_pending 3
	finish

other:	gic_on
	adr	x9, step
	mov	w0, #1
	stlr	w0, [x9]
	await_irq
	gicc_expect GICC_IAR, 1, 4
	gicc_write GICC_EOIR, 1
	mov	w0, #2
	stlr	w0, [x9]
	await_irq
	gicc_expect GICC_IAR, 3, 5
	gicc_write GICC_EOIR, 3
	mov	w0, #3
	stlr	w0, [x9]
	b	.

	.data
	.balign	4
step:	.word	0
