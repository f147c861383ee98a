	.include "test.inc"
	test	"Pending interrupts are acknowledged in order of priority"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 2, 0xa0
	interrupt 20, 0x40
	interrupt 100, 0x60
	gic_set	ISPENDR, 100
	gic_set	ISPENDR, 20
	send_sgi 2, 1
	await_irq
	mrs	x20, icc_iar1_el1
	msr	icc_eoir1_el1, x20
	isb
	await_irq
	mrs	x21, icc_iar1_el1
	msr	icc_eoir1_el1, x21
	isb
	await_irq
	mrs	x22, icc_iar1_el1
	msr	icc_eoir1_el1, x22
	isb
	cmp	x20, #20
	fail_if	ne, 1
	cmp	x21, #100
	fail_if	ne, 2
	cmp	x22, #2
	fail_if	ne, 3
	fail_if_pending 4
	finish
