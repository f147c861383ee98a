	.include "test.inc"
	test	"A PPI made pending by software can be acknowledged once, and taken back"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 20
	gic_set	ISPENDR, 20
	await_irq
	mrs	x19, icc_hppir1_el1
	cmp	x19, #20
	fail_if	ne, 1
	mrs	x19, icc_iar1_el1
	cmp	x19, #20
	fail_if	ne, 2
	gic_get	ISACTIVER, 20
	fail_if	eq, 3
	msr	icc_eoir1_el1, x19
	isb
	fail_if_pending 4
	gic_set	ISPENDR, 20
	await_irq
	gic_set	ICPENDR, 20
	fail_if_pending 5
	finish
