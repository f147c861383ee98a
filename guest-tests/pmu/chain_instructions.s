// A chained pair is a counter of 64 bits: its overflow carries over between two reads.
	.include "test.inc"
	.include "pmu.inc"
	test	"a chained pair counts instructions over 2^32"
	needs	pmu
	engines	interp, jit
	expect	x0, 1 << 32
	expect	x1, 1
	begin
	event	2, INST_RETIRED, 0xfffffff0
	event	3, CHAIN
	pmu_start 0xc
	mov	x9, #100
1:	subs	x9, x9, #1
	b.ne	1b
	pmu_stop
	mrs	x2, pmevcntr2_el0
	mrs	x3, pmevcntr3_el0
	lsl	x0, x3, #32
	cmp	x2, #200
	fail_if	hi, 1
	cmp	x2, #180
	fail_if	lo, 2
	mrs	x1, pmovsset_el0
	ubfx	x1, x1, #2, #2
	finish
