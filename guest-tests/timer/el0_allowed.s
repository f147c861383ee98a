	.include "test.inc"
	test	"CNTKCTL_EL1 lets EL0 use counters and timers"
	begin
	mov	x0, #(1 << 8 | 1 << 9 | 3)
	msr	cntkctl_el1, x0
	isb
	mrs	x9, cntvct_el0
	enter_el0 user
user:	mrs	x0, cntfrq_el0
	cbz	x0, 1f
	mrs	x0, cntvct_el0
	cmp	x0, x9
	fail_if	lo, 2
	mrs	x0, cntpct_el0
	mov	x1, #77
	msr	cntp_cval_el0, x1
	mrs	x0, cntp_cval_el0
	cmp	x0, x1
	fail_if	ne, 3
	msr	cntv_cval_el0, x1
	mrs	x0, cntv_cval_el0
	cmp	x0, x1
	fail_if	ne, 4
	finish
1:	finish	1
