	.include "test.inc"
	test	"An SGI that two CPUs send is taken twice, with the sender's number"
	gic	2
	cpus	3
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	start_cpu 1, other
	start_cpu 2, other
	adr	x9, sent
	wait_word x9, #2
	await_irq
	ldrb	w0, [x28, #(SPENDSGIR + 5)]
	cmp	w0, #6
	fail_if	ne, 1
	gicc_expect GICC_IAR, 1 << 10 | 5, 2
	fail_if_pending 3			// an active interrupt is not offered
	gicc_write GICC_EOIR, 1 << 10 | 5
	await_irq
	gicc_expect GICC_IAR, 2 << 10 | 5, 4
	gicc_write GICC_EOIR, 2 << 10 | 5
	fail_if_pending 5
	gicc_expect GICC_IAR, SPURIOUS, 6
	finish

other:	mmu_on
	movz	x28, #(GICD >> 16), lsl #16
	send_sgi 5, 1
	adr	x9, sent
	mov	w0, #1
	ldadd	w0, w0, [x9]
	b	.

	.data
	.balign	4
sent:	.word	0
