	.include "test.inc"
	test	"GICD_IROUTER sends an SPI to the CPU with that affinity"
	gic	3
	cpus	2
	begin
	.include "gic/gic.inc"
	gic_on
	movz	x9, #(GICD >> 16), lsl #16
	mov	x1, #(IROUTER + 8 * 100)
	mov	x0, #1
	str	x0, [x9, x1]
	interrupt 100
	adr	x9, ready
	start_cpu 1, other
	wait_word x9, #1
	gic_set	ISPENDR, 100
	wait_word x9, #2
	fail_if_pending 1
	mrs	x0, icc_iar1_el1
	cmp	x0, #SPURIOUS
	fail_if	ne, 2
	finish

other:	gic_on
	adr	x9, ready
	mov	w0, #1
	stlr	w0, [x9]
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #100
	fail_if	ne, 3
	msr	icc_eoir1_el1, x0
	mov	w0, #2
	stlr	w0, [x9]
	b	.

	.data
	.balign	4
ready:	.word	0
