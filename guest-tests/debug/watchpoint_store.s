	.include "test.inc"
	.include "debug.inc"
	test	"a watchpoint on stores: EC 0x35, WnR, FAR; the store is not made, loads pass"
	expect_exception 0x35, 0x200
	expect	esr_el1, ESR_WATCHPOINT_EL1 + ESR_WNR
	expect	far_el1, data
	expect	elr_el1, here
	expect	x0, 0x55
	expect	x1, 0x55
	begin
	mmu_on
	debug_on MDSCR_MDE + MDSCR_KDE
	adr	x2, data
	mov	x0, #0x55
	str	x0, [x2]
	watchpoint 0, data, WP_EL1 + WP_STORE + WP_DOUBLEWORD
	ldr	x1, [x2]
	str	x1, [x2, #8]
	str	x1, [x2, #-8]
	str	w1, [x2, #8]
	mov	x3, #0x66
here:	str	x3, [x2]
	finish	1
	.data
	.balign	16
	.8byte	0, 0
data:	.8byte	0, 0
