	.include "test.inc"
	test	"The timer's level falls when CVAL moves to the future, and the PPI with it"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	msr	cntv_cval_el0, xzr
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	isb
	await_irq
	mov	x0, #0x7fffffffffffffff
	msr	cntv_cval_el0, x0
	isb
	gic_get	ISPENDR, VTIMER
	fail_if	ne, 1
	fail_if_pending 2
	mrs	x0, icc_iar1_el1
	cmp	x0, #SPURIOUS
	fail_if	ne, 3
	mrs	x0, cntv_ctl_el0
	cmp	x0, #1
	fail_if	ne, 4
	finish
