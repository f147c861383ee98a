// PMUSERENR_EL0: CR, ER and SW each open a little, EN all. EL0 can always read PMUSERENR, and never
// write it.
	.include "test.inc"
	.include "pmu.inc"
	test	"PMUSERENR_EL0 opens the PMU to EL0 bit by bit"
	needs	pmu
	handler	0x400, taken
	expect	x20, 0b0001			// CR: cycles, but neither write, counter, nor control
	expect	x21, 0b0110			// ER: PMSELR and the counter
	expect	x22, 0b1000			// SW
	expect	x23, 0b1111			// EN
	expect	x24, 2				// neither write PMUSERENR nor read PMINTENSET
	expect	x26, 4				// SW opens nothing else
	begin
	mov	x9, #4
	bl	try
	mov	x20, x10
	mov	x9, #8
	bl	try
	mov	x21, x10
	mov	x9, #2
	bl	try
	mov	x22, x10
	mov	x26, x25
	mov	x9, #1
	bl	try
	mov	x23, x10
	finish

	// x10: which of four things EL0 can do with PMUSERENR_EL0 = x9.
try:	msr	pmuserenr_el0, x9
	isb
	mov	x11, x30
	mov	x10, #0
	mov	x24, #0
	mov	x25, #0
	enter_el0 user
user:	mov	x12, #0
	mrs	x13, pmccntr_el0
	cbnz	x12, 1f
	orr	x10, x10, #1
1:	mov	x12, #0
	mrs	x13, pmxevcntr_el0
	cbnz	x12, 1f
	orr	x10, x10, #2
1:	mov	x12, #0
	msr	pmselr_el0, xzr
	cbnz	x12, 1f
	orr	x10, x10, #4
1:	mov	x12, #0
	msr	pmswinc_el0, xzr
	cbnz	x12, 1f
	orr	x10, x10, #8
1:	mrs	x13, pmuserenr_el0
	mov	x12, #0
	msr	pmuserenr_el0, xzr
	add	x24, x24, x12
	mov	x12, #0
	mrs	x13, pmintenset_el1
	add	x24, x24, x12
	cmp	x9, #1				// EN alone opens what is left
	b.eq	1f
	mov	x12, #0
	mrs	x13, pmcr_el0
	add	x25, x25, x12
	mov	x12, #0
	msr	pmccntr_el0, xzr
	add	x25, x25, x12
	mov	x12, #0
	mrs	x13, pmovsset_el0
	add	x25, x25, x12
	mov	x12, #0
	mrs	x13, pmceid0_el0
	add	x25, x25, x12
1:	svc	#0

	// x12: 1 for an exception.
taken:	mrs	x14, esr_el1
	lsr	x14, x14, #26
	cmp	x14, #0x15
	b.ne	2f
	br	x11
2:	mov	x12, #1
	mrs	x14, elr_el1
	add	x14, x14, #4
	msr	elr_el1, x14
	eret
