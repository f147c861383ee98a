	.include "test.inc"
	.include "debug.inc"
	test	"a breakpoint at EL1 is taken before its instruction, at EC 0x31"
	expect_exception 0x31, 0x200
	expect	esr_el1, ESR_BREAKPOINT_EL1
	expect	elr_el1, here
	expect	x0, 3
	begin
	debug_on MDSCR_MDE + MDSCR_KDE
	breakpoint 0, here, BP_EL1
	mov	x0, #1
	b	1f
	nop
1:	mov	x0, #2
	mov	x0, #3
here:	mov	x0, #4
	finish	1
