	.include "test.inc"
	test	"An SGI with IRM reaches all CPUs but its sender"
	gic	3
	cpus	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 7
	adr	x9, ready
	start_cpu 1, other
	wait_word x9, #1
	start_cpu 2, other
	wait_word x9, #2
	ldr	x0, =(7 << 24 | 1 << 40)
	msr	icc_sgi1r_el1, x0
	isb
	adr	x9, taken
	wait_word x9, #3
	fail_if_pending 1
	finish

other:	mov	x20, x0
	gic_on
	interrupt 7
	adr	x9, ready
	stlr	w20, [x9]
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #7
	fail_if	ne, 2
	msr	icc_eoir1_el1, x0
	cmp	x20, #1
	b.eq	1f
	adr	x9, taken_1			// CPU 2 reports after CPU 1
	wait_word x9, #1
	adr	x9, taken
	mov	w0, #3
	stlr	w0, [x9]
	b	.
1:	adr	x9, taken_1
	mov	w0, #1
	stlr	w0, [x9]
	b	.

	.data
	.balign	4
ready:	.word	0
taken:	.word	0
taken_1: .word	0
