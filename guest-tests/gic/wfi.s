	.include "test.inc"
	test	"WFI ends when a masked interrupt is pending, without taking it"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 5
	send_sgi 5, 1
	wfi
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #5
	fail_if	ne, 1
	finish
