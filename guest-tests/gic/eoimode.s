	.include "test.inc"
	test	"With EOImode 1, ICC_EOIR1_EL1 drops the priority and ICC_DIR_EL1 deactivates"
	gic	3
	.set	FIRST, 100
	.set	SECOND, 101
	begin
	.include "gic/gic.inc"
	gic_on
	mov	x0, #2				// ICC_CTLR_EL1.EOImode
	msr	icc_ctlr_el1, x0
	isb
	edge_triggered FIRST
	edge_triggered SECOND
	interrupt FIRST, 0x80
	interrupt SECOND, 0x80
	gic_set	ISPENDR, FIRST
	await_irq
	mrs	x19, icc_iar1_el1
	gic_set	ISPENDR, FIRST			// active and pending
	msr	icc_eoir1_el1, x19
	isb
	mrs	x0, icc_rpr_el1
	cmp	x0, #0xff
	fail_if	ne, 1
	gic_get	ISACTIVER, FIRST
	fail_if	eq, 2
	fail_if_pending 3
	gic_set	ISPENDR, SECOND			// another one of the same priority may come
	await_irq
	mrs	x20, icc_iar1_el1
	cmp	x20, #SECOND
	fail_if	ne, 4
	msr	icc_eoir1_el1, x20
	msr	icc_dir_el1, x20
	isb
	fail_if_pending 5
	msr	icc_dir_el1, x19
	isb
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #FIRST
	fail_if	ne, 6
	finish
