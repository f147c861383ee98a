	.include "test.inc"
	test	"An SGI interrupts the CPU that it names, and not its sender"
	gic	3
	cpus	2
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 7
	start_cpu 1, other
	adr	x9, ready
	wait_word x9, #1
	send_sgi 7, 1 << 1
	wait_word x9, #2
	fail_if_pending 1
	finish

other:	gic_on
	interrupt 7
	adr	x9, ready
	mov	w0, #1
	stlr	w0, [x9]
1:	wfi					// wakes although IRQs are masked
	mrs	x0, isr_el1
	tbz	x0, #7, 1b
	mrs	x0, icc_iar1_el1
	cmp	x0, #7
	fail_if	ne, 2
	msr	icc_eoir1_el1, x0
	mov	w0, #2
	stlr	w0, [x9]
	b	.

	.data
	.balign	4
ready:	.word	0
