	.include "test.inc"
	test	"A Group 0 interrupt is an FIQ, for ICC_IAR0_EL1 alone"
	gic	3
	handler	0x300, on_fiq
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 6, 0x80, 0
	mov	x21, #0
	send_sgi 6, 1, 0
	await_fiq
	mrs	x0, isr_el1
	tst	x0, #(1 << 7)
	fail_if	ne, 1
	mrs	x0, icc_iar1_el1
	cmp	x0, #SPURIOUS
	fail_if	ne, 2
	mrs	x0, icc_hppir0_el1
	cmp	x0, #6
	fail_if	ne, 3
	msr	daifclr, #1
	isb
	msr	daifset, #1
	cmp	x21, #6
	fail_if	ne, 4
	fail_if_pending 5
	finish

on_fiq:	mrs	x21, icc_iar0_el1
	msr	icc_eoir0_el1, x21
	isb
	eret
