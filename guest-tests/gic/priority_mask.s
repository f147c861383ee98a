	.include "test.inc"
	test	"ICC_PMR_EL1 holds back what is not above it, and ICC_IAR1_EL1 is then spurious"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 4, 0x80
	mov	x0, #0x80
	msr	icc_pmr_el1, x0
	isb
	send_sgi 4, 1
	fail_if_pending 1
	mrs	x0, icc_iar1_el1
	cmp	x0, #SPURIOUS
	fail_if	ne, 2
	mrs	x0, icc_hppir1_el1		// pending all the same
	cmp	x0, #4
	fail_if	ne, 3
	mov	x0, #0x90
	msr	icc_pmr_el1, x0
	isb
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #4
	fail_if	ne, 4
	finish
