	.include "test.inc"
	test	"Each CPU has timers of its own"
	gic	3
	cpus	2
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	mov	x8, #0x7fffffffffffffff
	msr	cntv_cval_el0, x8
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	adr	x9, ready
	start_cpu 1, other
	wait_word x9, #1
	fail_if_pending 1
	mrs	x0, cntv_cval_el0
	cmp	x0, x8
	fail_if	ne, 2
	finish

other:	gic_on
	interrupt VTIMER
	msr	cntv_cval_el0, xzr
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	isb
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #VTIMER
	fail_if	ne, 3
	adr	x9, ready
	mov	w0, #1
	stlr	w0, [x9]
	b	.

	.data
	.balign	4
ready:	.word	0
