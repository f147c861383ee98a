// Chapter 06: three ticks of a periodic timer, asleep in between. The next deadline is the last one
// plus the period, not "now" plus the period: so being late once does not shift all that follow.
	.include "test.inc"
	test	"a timer ticks three times through WFI, without drifting"
	gic	3
	.set	PERIOD, 62500			// counter ticks: 1 ms at 62.5 MHz
	expect	x21, 3
	expect	x24, 3 * PERIOD
	handler	0x280, on_tick
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	mov	x21, #0
	ldr	x22, =PERIOD
	isb
	mrs	x23, cntvct_el0
	mov	x24, x23
	add	x23, x23, x22
	msr	cntv_cval_el0, x23		// first deadline
	mov	x0, #1
	msr	cntv_ctl_el0, x0		// ENABLE, not IMASK
1:	msr	daifset, #2
	cmp	x21, #3
	b.eq	2f
	wfi					// wakes although masked; then unmask and take it
	msr	daifclr, #2
	isb
	b	1b
2:	sub	x23, x23, x22
	sub	x24, x23, x24			// from start to the third deadline
	finish

on_tick:
	mrs	x20, icc_iar1_el1
	add	x23, x23, x22
	msr	cntv_cval_el0, x23		// moves the deadline: the level falls
	isb
	add	x21, x21, #1
	msr	icc_eoir1_el1, x20
	eret
