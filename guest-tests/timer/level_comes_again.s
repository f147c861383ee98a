	.include "test.inc"
	test	"A timer that was not served interrupts again after the end of interrupt"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	msr	cntv_cval_el0, xzr
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	isb
	mov	x20, #3
1:	await_irq
	mrs	x19, icc_iar1_el1
	cmp	x19, #VTIMER
	fail_if	ne, 1
	fail_if_pending 2			// active
	msr	icc_eoir1_el1, x19
	isb
	subs	x20, x20, #1
	b.ne	1b
	finish
