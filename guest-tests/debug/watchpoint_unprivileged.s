// LDTR and STTR at EL1 are accesses of EL0 (PSTATE.UAO is 0).
	.include "test.inc"
	.include "debug.inc"
	test	"LDTR and STTR hit the watchpoints of EL0, and not those of EL1"
	handler	0x200, taken
	expect	x10, 2				// EL0's: LDTR, STTR
	expect	x11, 2				// EL1's: LDR, STR
	begin
	mmu_on
	debug_on MDSCR_MDE + MDSCR_KDE
	adr	x2, data
	mov	x0, #0
	watchpoint 2, data, WP_EL0 + WP_LOAD + WP_STORE + WP_DOUBLEWORD
	ldr	x3, [x2]
	str	x3, [x2]
	ldtr	x3, [x2]			// 1
	sttr	x3, [x2]			// 2
	mov	x10, x0
	mov	x0, #0
	watchpoint 2, data, WP_EL1 + WP_LOAD + WP_STORE + WP_DOUBLEWORD
	ldtr	x3, [x2]
	sttr	x3, [x2]
	ldr	x3, [x2]			// 1
	str	x3, [x2]			// 2
	mov	x11, x0
	finish

taken:	add	x0, x0, #1
	mrs	x20, elr_el1
	add	x20, x20, #4
	msr	elr_el1, x20
	eret
	.data
	.balign	8
data:	.8byte	0
