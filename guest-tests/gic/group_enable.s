	.include "test.inc"
	test	"An interrupt waits until its group is enabled in the CPU interface"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	msr	icc_igrpen1_el1, xzr
	isb
	interrupt 8, 0x20
	interrupt 9, 0x80, 0
	send_sgi 8, 1
	fail_if_pending 1
	send_sgi 9, 1, 0			// less urgent, but of the group that is enabled
	await_fiq
	mrs	x0, icc_iar0_el1
	cmp	x0, #9
	fail_if	ne, 2
	msr	icc_eoir0_el1, x0
	mov	x0, #1
	msr	icc_igrpen1_el1, x0
	isb
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #8
	fail_if	ne, 3
	finish
