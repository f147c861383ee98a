	.include "test.inc"
	test	"TVAL is a signed 32-bit distance from the counter to CVAL"
	begin
1:	isb
	mrs	x9, cntvct_el0
	cmp	x9, #1000			// or CVAL would be before the counter began
	b.lo	1b
	mov	w0, #-1000
	msr	cntv_tval_el0, x0
	isb
	mrs	x10, cntv_cval_el0
	mrs	x11, cntvct_el0
	sub	x9, x9, #1000			// CVAL is between these two
	sub	x11, x11, #1000
	cmp	x10, x9
	fail_if	lt, 1
	cmp	x10, x11
	fail_if	gt, 2
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	isb
	mrs	x0, cntv_ctl_el0		// has passed already
	tst	x0, #4
	fail_if	eq, 3
	mrs	x0, cntv_tval_el0
	lsr	x1, x0, #32			// zero-extended
	cmp	x1, #0
	fail_if	ne, 4
	cmn	w0, #1000
	fail_if	gt, 5
	finish
