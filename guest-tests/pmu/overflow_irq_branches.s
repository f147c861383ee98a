	.include "test.inc"
	.include "pmu.inc"
	test	"the overflow of a counter of branches interrupts behind the branch"
	needs	pmu
	engines	interp, jit
	gic	3
	handler	0x280, on_irq
	expect	x10, 100
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 23
	mov	x21, #0
	mov	x9, #2
	msr	pmintenset_el1, x9
	event	1, BR_RETIRED, 0xffffff9c	// 100 to go
	msr	daifclr, #2
	mov	x10, #0
	pmu_start 2
1:	add	x10, x10, #1
	cbz	x21, 1b
	finish	1

on_irq:	finish
