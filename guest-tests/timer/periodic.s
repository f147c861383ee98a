	.include "test.inc"
	test	"A timer rearmed from its handler ticks ten times without loss"
	gic	3
	handler	0x280, on_irq
	expect	x21, 10
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	mov	x21, #0
	mrs	x9, cntfrq_el0
	lsr	x9, x9, #10			// about 1 ms
	mrs	x10, cntvct_el0
	add	x10, x10, x9
	msr	cntv_cval_el0, x10
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	isb
1:	wfi					// masked: a tick that comes before it ends it all the same
	msr	daifclr, #2
	isb
	msr	daifset, #2
	cmp	x21, #10
	b.lo	1b
	finish

on_irq:	mrs	x20, icc_iar1_el1
	cmp	x20, #SPURIOUS
	b.eq	2f
	cmp	x20, #VTIMER
	fail_if	ne, 1
	mrs	x0, cntvct_el0
	cmp	x0, x10
	fail_if	lo, 2
	add	x21, x21, #1
	add	x10, x10, x9
	msr	cntv_cval_el0, x10
	cmp	x21, #10
	b.lo	3f
	msr	cntv_ctl_el0, xzr		// before an eleventh is on its way
3:	isb
	msr	icc_eoir1_el1, x20
	isb
2:	eret
