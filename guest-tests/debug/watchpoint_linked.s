	.include "test.inc"
	.include "debug.inc"
	test	"a linked watchpoint hits in its context alone"
	handler	0x200, taken
	expect	x0, 1
	begin
	mmu_on
	mov	x0, #0
	debug_on MDSCR_MDE + MDSCR_KDE
	breakpoint 5, 0x1234, BP_CONTEXT_LINKED + BP_EL1
	watchpoint 0, data, WP_EL1 + WP_LOAD + WP_DOUBLEWORD + WP_LINKED + (5 << LBN)
	adr	x2, data
	ldr	x3, [x2]
	mov	x4, #0x1234
	msr	contextidr_el1, x4
	isb
	ldr	x3, [x2]
	mov	x4, #0x1235
	msr	contextidr_el1, x4
	isb
	ldr	x3, [x2]
	finish

taken:	add	x0, x0, #1
	mrs	x20, elr_el1
	add	x20, x20, #4
	msr	elr_el1, x20
	eret
	.data
	.balign	8
data:	.8byte	0
