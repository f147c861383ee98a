	.include "test.inc"
	test	"TVAL counts down as the counter counts up"
	begin
	movz	x0, #0x1000, lsl #16
	msr	cntv_tval_el0, x0
	mov	x1, #1
	msr	cntv_ctl_el0, x1
	isb
	mrs	x2, cntv_tval_el0
	cmp	x2, x0
	fail_if	hi, 1
1:	isb
	mrs	x3, cntv_tval_el0
	cmp	x3, x2
	fail_if	hi, 2
	b.eq	1b
	finish
