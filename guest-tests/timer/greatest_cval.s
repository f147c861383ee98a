	.include "test.inc"
	test	"CVAL is compared as an unsigned number: the greatest one never comes"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	mov	x0, #-1
	msr	cntv_cval_el0, x0
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	isb
	mrs	x0, cntv_ctl_el0
	cmp	x0, #1
	fail_if	ne, 1
	fail_if_pending 2
	finish
