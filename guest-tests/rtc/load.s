	.include "test.inc"
	test	"writing LR sets the time, which then goes on"
	expect	x1, 1
	expect	x2, 1
	begin
	ldr	x9, =RTC
	ldr	w0, =1000000
	str	w0, [x9, #8]
	ldr	w1, [x9]
	sub	w1, w1, w0
	cmp	w1, #2
	cset	x1, lo
	mrs	x3, cntfrq_el0
	mrs	x4, cntvct_el0
	add	x4, x4, x3
1:
	mrs	x5, cntvct_el0
	isb
	cmp	x5, x4
	b.lo	1b
	ldr	w2, [x9]
	sub	w2, w2, w0
	sub	w2, w2, #1
	cmp	w2, #2
	cset	x2, lo
	finish
