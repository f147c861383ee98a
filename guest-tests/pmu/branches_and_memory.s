	.include "test.inc"
	.include "pmu.inc"
	test	"branches, loads and stores are counted exactly"
	needs	pmu
	engines	interp, jit		// a host may have other events, and count speculation
	expect	x10, 10				// LD_RETIRED
	expect	x11, 9				// ST_RETIRED
	expect	x12, 19				// MEM_ACCESS
	expect	x13, 8				// BR_RETIRED
	expect	x14, 5				// PC_WRITE_RETIRED: those taken
	expect	x15, 6				// BR_IMMED_RETIRED
	expect	x16, 1				// BR_RETURN_RETIRED
	begin
	mmu_on
	adr	x1, data
	adr	x6, 4f
	event	0, LD_RETIRED
	event	1, ST_RETIRED
	event	2, MEM_ACCESS
	event	3, BR_RETIRED
	event	4, PC_WRITE_RETIRED
	event	5, BR_IMMED_RETIRED
	pmu_start 0x3f
	bl	piece
	pmu_stop
	mrs	x10, pmevcntr0_el0
	mrs	x11, pmevcntr1_el0
	mrs	x12, pmevcntr2_el0
	mrs	x13, pmevcntr3_el0
	mrs	x14, pmevcntr4_el0
	mrs	x15, pmevcntr5_el0
	event	0, BR_RETURN_RETIRED
	pmu_start 1
	bl	piece
	pmu_stop
	mrs	x16, pmevcntr0_el0
	finish

piece:						// BL: immediate, taken		1 1 1
	ldr	x2, [x1]			// load 1
	ldp	x2, x3, [x1]			// 2
	ldr	x2, number			// 3
	ldxr	x2, [x1]			// 4
	stxr	w3, x2, [x1]			// store 1
	ldar	x2, [x1]			// 5
	stlr	x2, [x1]			// 2
	ldapr	x2, [x1]			// 6
	ldadd	x2, x3, [x1]			// 7, 3
	swp	x2, x3, [x1]			// 8, 4
	mov	x3, #0
	cas	x3, x3, [x1]			// 9, 5
	stp	x2, x3, [x1]			// 6
	str	q0, [x1]			// 7
	st1	{v0.8b, v1.8b}, [x1]		// 8
	sttr	x2, [x1]			// 9
	ld1r	{v0.4s}, [x1]			// 10
	prfm	pldl1keep, [x1]
	prfm	pldl1keep, number
	cbz	xzr, 1f				// immediate, taken		2 2 2
	nop
1:	cbnz	xzr, 1b				// immediate			3 2 3
	tbz	x6, #0, 2f			// immediate, taken		4 3 4
	nop
2:	cmp	x6, x6
	b.ne	2b				// immediate			5 3 5
	tbnz	xzr, #5, 2b			// immediate			6 3 6
	br	x6				// taken			7 4
	nop
4:	ret					// taken			8 5
	.balign	8
number:	.8byte	1
	.data
	.balign	16
data:	.skip	64
