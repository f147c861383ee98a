	.include "test.inc"
	test	"WFI sleeps until the timer's interrupt wakes it"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	mrs	x0, cntfrq_el0
	lsr	x0, x0, #7			// about 8 ms
	msr	cntv_tval_el0, x0
	mrs	x9, cntv_cval_el0
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	isb
1:	wfi
	mrs	x0, isr_el1
	tbz	x0, #7, 1b
	isb
	mrs	x0, cntvct_el0
	cmp	x0, x9
	fail_if	lo, 1
	mrs	x0, icc_iar1_el1
	cmp	x0, #VTIMER
	fail_if	ne, 2
	finish
