	.include "test.inc"
	test	"IMASK hides the interrupt and not ISTATUS"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	msr	cntv_cval_el0, xzr
	mov	x0, #3				// ENABLE, IMASK
	msr	cntv_ctl_el0, x0
	isb
	mrs	x0, cntv_ctl_el0
	cmp	x0, #7
	fail_if	ne, 1
	fail_if_pending 2
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	isb
	await_irq
	mrs	x0, cntv_ctl_el0
	cmp	x0, #5
	fail_if	ne, 3
	finish
