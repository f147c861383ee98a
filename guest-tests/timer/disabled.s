	.include "test.inc"
	test	"A disabled timer does not interrupt, and keeps its CVAL"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	mov	x9, #12345
	msr	cntv_cval_el0, x9
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	isb
	msr	cntv_ctl_el0, xzr
	isb
	gic_get	ISPENDR, VTIMER
	fail_if	ne, 1
	fail_if_pending 2
	mrs	x0, cntv_cval_el0
	cmp	x0, x9
	fail_if	ne, 3
	finish
