	.include "test.inc"
	test	"An interrupt made active by ISACTIVER is held back until ICACTIVER"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 100
	gic_set	ISACTIVER, 100
	gic_set	ISPENDR, 100
	fail_if_pending 1
	gic_set	ICACTIVER, 100
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #100
	fail_if	ne, 2
	finish
