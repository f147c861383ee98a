// Chapter 06: three ticks of a periodic timer, asleep in between. The next deadline is the last one
// plus the period, not "now" plus the period: so being late once does not shift all that follow. When
// the host is so slow that the next deadline has passed already, the next tick comes at once.
	.include "test.inc"
	test	"a timer ticks three times through WFI, never early, without drifting"
	gic	3
	.set	TICKS, 3
	.set	PERIOD, 62500			// counter ticks: 1 ms at 62.5 MHz
	expect	x21, TICKS
	expect	x24, TICKS * PERIOD
	handler	0x280, on_irq
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt VTIMER
	mov	x21, #0				// ticks so far
	ldr	x22, =PERIOD
	isb
	mrs	x24, cntvct_el0
	add	x23, x24, x22
	msr	cntv_cval_el0, x23		// x23: the deadline
	mov	x0, #1
	msr	cntv_ctl_el0, x0		// ENABLE, not IMASK
	isb
1:	wfi					// wakes although interrupts are masked;
	msr	daifclr, #2			// here it is taken
	isb
	msr	daifset, #2
	cmp	x21, #TICKS
	b.lo	1b
	sub	x24, x23, x24			// from the start to the last deadline
	finish

on_irq:	mrs	x20, icc_iar1_el1
	cmp	x20, #SPURIOUS
	b.eq	2f
	isb
	mrs	x0, cntvct_el0
	cmp	x0, x23
	fail_if	lo, 1				// early
	add	x21, x21, #1
	cmp	x21, #TICKS
	b.lo	3f
	msr	cntv_ctl_el0, xzr		// enough: the level falls
	b	4f
3:	add	x23, x23, x22
	msr	cntv_cval_el0, x23		// moves the deadline: the level falls
4:	isb
	msr	icc_eoir1_el1, x20
2:	eret
