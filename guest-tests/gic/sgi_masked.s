	.include "test.inc"
	test	"PSTATE.I keeps an SGI pending in ISR_EL1 until it is cleared"
	gic	3
	handler	0x280, on_irq
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 3
	mov	x21, #0
	send_sgi 3, 1
	await_irq
	cmp	x21, #0
	fail_if	ne, 1
	msr	daifclr, #2
	isb
	msr	daifset, #2
	cmp	x21, #1
	fail_if	ne, 2
	fail_if_pending 3
	finish

on_irq:	mrs	x20, icc_iar1_el1
	add	x21, x21, #1
	msr	icc_eoir1_el1, x20
	isb
	eret
