	.include "test.inc"
	test	"An edge-triggered SPI that becomes pending while active comes again after its end"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	edge_triggered 100
	interrupt 100
	gic_set	ISPENDR, 100
	await_irq
	mrs	x19, icc_iar1_el1
	cmp	x19, #100
	fail_if	ne, 1
	gic_set	ISPENDR, 100
	fail_if_pending 2
	msr	icc_eoir1_el1, x19
	isb
	await_irq
	mrs	x19, icc_iar1_el1
	cmp	x19, #100
	fail_if	ne, 3
	msr	icc_eoir1_el1, x19
	isb
	fail_if_pending 4
	finish
