	.include "test.inc"
	test	"Disabling a pending interrupt withdraws it, enabling brings it back"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 20
	gic_set	ISPENDR, 20
	await_irq
	gic_set	ICENABLER, 20
	movz	x9, #(GICR >> 16), lsl #16
1:	ldr	w0, [x9]			// GICR_CTLR.RWP
	tbnz	w0, #3, 1b
	fail_if_pending 1
	mrs	x0, icc_iar1_el1
	cmp	x0, #SPURIOUS
	fail_if	ne, 2
	gic_get	ISPENDR, 20
	fail_if	eq, 3
	gic_set	ISENABLER, 20
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #20
	fail_if	ne, 4
	finish
