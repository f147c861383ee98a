// P and U: EL0's instructions, EL1's, none; and exactly where the exception level changes.
	.include "test.inc"
	.include "pmu.inc"
	test	"counters count at the exception levels that their filters allow"
	needs	pmu
	engines	interp, jit
	handler	0x400, taken
	expect	x0, 5				// EL0: MOV, NOP, NOP, B, SVC
	expect	x2, 0
	expect	x3, 5				// both, less EL1's
	expect	x4, 5				// cycles at EL0
	begin
	event	0, INST_RETIRED | NOT_EL1
	event	1, INST_RETIRED | NOT_EL0
	event	2, INST_RETIRED | NOT_EL0 | NOT_EL1
	event	3, INST_RETIRED
	ldr	x30, =NOT_EL1
	msr	pmccfiltr_el0, x30
	adr	x30, user
	msr	elr_el1, x30
	msr	spsr_el1, xzr
	pmu_start CYCLES + 0xf
	eret
user:	mov	x9, #1
	nop
	nop
	b	1f
	nop
1:	svc	#0

taken:	pmu_stop
	mrs	x0, pmevcntr0_el0
	mrs	x1, pmevcntr1_el0
	mrs	x2, pmevcntr2_el0
	mrs	x3, pmevcntr3_el0
	sub	x3, x3, x1
	mrs	x4, pmccntr_el0
	finish
