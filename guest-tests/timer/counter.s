	.include "test.inc"
	test	"Both counters run forward, at a frequency that CNTFRQ_EL0 tells"
	begin
	mrs	x0, cntfrq_el0
	cbnz	x0, 1f
	finish	1
1:	isb
	mrs	x1, cntvct_el0
	mrs	x2, cntpct_el0
	isb
2:	mrs	x3, cntvct_el0
	cmp	x3, x1
	fail_if	lo, 2
	b.eq	2b
3:	mrs	x4, cntpct_el0
	cmp	x4, x2
	fail_if	lo, 3
	b.eq	3b
	finish
