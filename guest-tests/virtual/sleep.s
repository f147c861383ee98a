	.include "test.inc"
	test	"In virtual time WFI goes on at the very tick of the timer, an hour later"
	virtual_time
	gic	3
	expect	x9, 0
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	mrs	x0, cntvct_el0
	mrs	x1, cntfrq_el0
	mov	x2, #3600
	madd	x0, x1, x2, x0
	msr	cntv_cval_el0, x0
	mov	x1, #1
	msr	cntv_ctl_el0, x1
	isb
	wfi					// the interrupt is masked: not taken
	mrs	x9, cntvct_el0
	sub	x9, x9, x0
	finish
