	.include "test.inc"
	test	"An SGI to oneself is taken as an IRQ, once, and ends"
	gic	3
	handler	0x280, on_irq
	expect	x20, 5
	expect	x21, 1
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 5
	mov	x21, #0
	msr	daifclr, #2
	send_sgi 5, 1
1:	cbz	x21, 1b
	msr	daifset, #2
	fail_if_pending 1
	gic_get	ISACTIVER, 5
	fail_if	ne, 2
	mrs	x0, icc_rpr_el1
	cmp	x0, #0xff
	fail_if	ne, 3
	finish

on_irq:	mrs	x20, icc_iar1_el1
	add	x21, x21, #1
	msr	icc_eoir1_el1, x20
	isb
	eret
