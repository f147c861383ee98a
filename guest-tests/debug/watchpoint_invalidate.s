// DC IVAC destroys data, and counts as a write, with CM set. Cleaning does not.
	.include "test.inc"
	.include "debug.inc"
	test	"DC IVAC hits a watchpoint with CM and WnR, DC CIVAC does not"
	expect_exception 0x35, 0x200
	expect	esr_el1, ESR_WATCHPOINT_EL1 + ESR_WNR + ESR_CM
	expect	far_el1, data + 8
	expect	elr_el1, here
	begin
	mmu_on
	debug_on MDSCR_MDE + MDSCR_KDE
	watchpoint 0, data + 8, WP_EL1 + WP_STORE + WP_DOUBLEWORD
	adr	x2, data
	dc	civac, x2
	dc	cvac, x2
here:	dc	ivac, x2
	finish	1
	.data
	.balign	64
data:	.skip	64
