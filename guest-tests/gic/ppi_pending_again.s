	.include "test.inc"
	test	"A PPI made pending by software is not pending once acknowledged, and may be made so again"
	engines	interp, jit		// KVM: pending until the end of interrupt, and gone with it
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 20
	gic_set	ISPENDR, 20
	await_irq
	mrs	x19, icc_iar1_el1
	gic_get	ISPENDR, 20
	fail_if	ne, 1
	gic_set	ISPENDR, 20			// active and pending
	fail_if_pending 2
	msr	icc_eoir1_el1, x19
	isb
	await_irq
	mrs	x19, icc_iar1_el1
	cmp	x19, #20
	fail_if	ne, 3
	msr	icc_eoir1_el1, x19
	isb
	fail_if_pending 4
	finish
