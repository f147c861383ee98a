	.include "test.inc"
	test	"ICC_BPR1_EL1 keeps interrupts of one group priority from preempting each other"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	mov	x0, #6				// bits [7:6] are the group priority
	msr	icc_bpr1_el1, x0
	isb
	interrupt 1, 0xb0
	interrupt 2, 0x80
	interrupt 3, 0x70
	send_sgi 1, 1
	await_irq
	mrs	x19, icc_iar1_el1
	mrs	x0, icc_rpr_el1
	cmp	x0, #0x80
	fail_if	ne, 1
	send_sgi 2, 1
	fail_if_pending 2
	send_sgi 3, 1
	await_irq
	mrs	x20, icc_iar1_el1
	cmp	x20, #3
	fail_if	ne, 3
	mrs	x0, icc_rpr_el1
	cmp	x0, #0x40
	fail_if	ne, 4
	msr	icc_eoir1_el1, x20
	isb
	fail_if_pending 5
	msr	icc_eoir1_el1, x19
	isb
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #2
	fail_if	ne, 6
	finish
