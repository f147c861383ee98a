// The same for an overflow that is so far away that nobody compares at first.
	.include "test.inc"
	.include "pmu.inc"
	test	"an overflow 70 million instructions away interrupts, too"
	needs	pmu
	engines	interp, jit
	gic	3
	timeout	30000
	handler	0x280, on_irq
	expect	x20, 23
	expect	x21, 1
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 23
	mov	x21, #0
	ldr	x9, =CYCLES
	msr	pmintenset_el1, x9
	ldr	x9, =-70000000
	msr	pmccntr_el0, x9
	mov	x10, #0
	pmu_start CYCLES
	msr	daifclr, #2
1:	add	x10, x10, #1			// two instructions
	cbz	x21, 1b
	pmu_stop
	ldr	x11, =34999000
	cmp	x10, x11
	fail_if	lo, 1
	finish

on_irq:	mrs	x20, icc_iar1_el1
	mov	x21, #1
	mrs	x22, pmovsset_el0
	msr	pmovsclr_el0, x22
	isb
	msr	icc_eoir1_el1, x20
	isb
	eret
