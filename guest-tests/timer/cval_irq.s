	.include "test.inc"
	test	"The virtual timer interrupts by PPI 27 at CVAL, and not before"
	gic	3
	handler	0x280, on_irq
	expect	x20, 27
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	mov	x21, #0
	mrs	x0, cntvct_el0
	mrs	x1, cntfrq_el0
	add	x0, x0, x1, lsr #8		// about 4 ms from now
	msr	cntv_cval_el0, x0
	mov	x1, #1
	msr	cntv_ctl_el0, x1
	isb
	msr	daifclr, #2
1:	cbz	x21, 1b
	mrs	x0, cntv_cval_el0
	cmp	x22, x0
	fail_if	lo, 1
	cmp	x23, #5				// ENABLE, ISTATUS
	fail_if	ne, 2
	finish

on_irq:	mrs	x20, icc_iar1_el1
	mrs	x22, cntvct_el0
	mrs	x23, cntv_ctl_el0
	mov	x21, #1
	msr	cntv_ctl_el0, xzr
	isb
	msr	icc_eoir1_el1, x20
	isb
	eret
