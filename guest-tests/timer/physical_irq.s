	.include "test.inc"
	test	"The physical timer interrupts by PPI 30 after TVAL ticks"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt PTIMER
	mrs	x10, cntpct_el0
	mov	x1, #20000
	msr	cntp_tval_el0, x1
	mov	x0, #1
	msr	cntp_ctl_el0, x0
	isb
	await_irq
	mrs	x11, cntpct_el0
	sub	x11, x11, x10
	cmp	x11, x1
	fail_if	lo, 1
	mrs	x0, icc_iar1_el1
	cmp	x0, #PTIMER
	fail_if	ne, 2
	finish
