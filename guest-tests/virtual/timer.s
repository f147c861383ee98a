	.include "test.inc"
	test	"In virtual time a timer interrupts between the two instructions where it is due"
	virtual_time
	gic	3
	handler	0x280, on_irq
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	msr	daifclr, #2
	mov	x24, #100			// from 100 ticks on, each phase of the loop
again:	mov	x22, #0
	mrs	x20, cntvct_el0
	add	x20, x20, x24
	msr	cntv_cval_el0, x20
	mov	x1, #1
	msr	cntv_ctl_el0, x1
	.rept	30
	nop
	.endr
1:	.rept	30
	nop
	.endr
	cbz	x22, 1b
	sub	x0, x22, x20
	cmp	x0, #1 + 2			// the exception, b on_irq, mrs
	fail_if	ne, 1
	add	x24, x24, #1
	cmp	x24, #170
	b.lo	again
	finish

on_irq:	mrs	x23, icc_iar1_el1
	mrs	x22, cntvct_el0
	msr	cntv_ctl_el0, xzr
	isb
	msr	icc_eoir1_el1, x23
	isb
	eret
