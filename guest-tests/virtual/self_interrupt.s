	.include "test.inc"
	test	"In virtual time an interrupt that an instruction raises is taken before the next"
	virtual_time
	gic	3
	handler	0x280, on_irq
	expect	x20, 0
	expect	x21, 1
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 1
	mov	x20, #0
	mov	x21, #0
	msr	daifclr, #2
	mov	x0, #1 << 24			// SGI 1 to CPU 0
	orr	x0, x0, #1
	msr	icc_sgi1r_el1, x0
	add	x20, x20, #1			// not executed
	finish

on_irq:	mov	x21, #1
	finish
