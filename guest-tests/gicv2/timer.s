	.include "test.inc"
	test	"The virtual timer's PPI interrupts by IRQ, and is each CPU's own"
	gic	2
	cpus	2
	handler	0x280, on_irq
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	interrupt VTIMER
	start_cpu 1, other
	adr	x9, ready
	wait_word x9, #1
	fail_if_pending 1			// the other's timer is not ours
	mov	x0, #1
	msr	cntv_tval_el0, x0
	msr	cntv_ctl_el0, x0
	msr	daifclr, #2
1:	wfi
	b	1b
on_irq:	gicc_expect GICC_IAR, VTIMER, 2
	msr	cntv_ctl_el0, xzr
	gicc_write GICC_EOIR, VTIMER
	fail_if_pending 3
	finish

other:	gic_on
	interrupt VTIMER
	mov	x0, #1
	msr	cntv_tval_el0, x0
	msr	cntv_ctl_el0, x0
	await_irq
	adr	x9, ready
	mov	w0, #1
	stlr	w0, [x9]
	b	.

	.data
	.balign	4
ready:	.word	0
