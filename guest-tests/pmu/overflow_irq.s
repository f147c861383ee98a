// The overflow of a counter of instructions comes as PPI 23, while the CPU does nothing but count.
	.include "test.inc"
	.include "pmu.inc"
	test	"an overflow interrupts by PPI 23, soon, and again when it is not cleared"
	needs	pmu
	engines	interp, jit
	gic	3
	handler	0x280, on_irq
	expect	x20, 23
	expect	x21, 2
	expect	x22, 1				// PMOVS
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 23
	mov	x21, #0
	mov	x10, #0
	mov	x9, #1
	msr	pmintenset_el1, x9
	event	0, INST_RETIRED, 0xffffd8f0	// 10000 to go
	pmu_start 1
	msr	daifclr, #2
1:	add	x10, x10, #1			// three instructions
	cmp	x21, #2
	b.ne	1b
	pmu_stop
	cmp	x10, #3300
	fail_if	lo, 1
	cmp	x10, #3800
	fail_if	hi, 2
	fail_if_pending 3
	finish

on_irq:	mrs	x20, icc_iar1_el1
	mrs	x22, pmovsset_el0
	add	x21, x21, #1
	cmp	x21, #2
	b.ne	1f
	msr	pmovsclr_el0, x22
1:	isb
	msr	icc_eoir1_el1, x20
	isb
	eret
