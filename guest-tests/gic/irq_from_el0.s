	.include "test.inc"
	test	"An IRQ interrupts EL0 through the lower-EL vector and returns there"
	gic	3
	handler	0x480, on_irq
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 5
	mov	x21, #0
	send_sgi 5, 1
	await_irq
	enter_el0 user				// SPSR 0: EL0 with interrupts unmasked
user:	cbz	x21, user
	cmp	x21, #5
	fail_if	ne, 1
	tst	x22, #0x1f			// SPSR_EL1.M: EL0
	fail_if	ne, 2
	finish

on_irq:	mrs	x21, icc_iar1_el1
	mrs	x22, spsr_el1
	msr	icc_eoir1_el1, x21
	isb
	eret
