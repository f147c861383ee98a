// What keeps a breakpoint from being hit, one thing after the other: MDE, KDE, PSTATE.D, the OS lock,
// E, PMC. Each pass calls the function that it is in.
	.include "test.inc"
	.include "debug.inc"
	test	"no breakpoint without MDE, KDE, E, PMC, or with PSTATE.D or the OS lock set"
	handler	0x200, taken
	expect	x0, 2				// hit in the first and in the last pass alone
	expect	x1, 8				// calls
	begin
	mov	x0, #0
	mov	x1, #0
	breakpoint 2, here, BP_EL1
	debug_on MDSCR_MDE + MDSCR_KDE
	bl	function
	debug_on MDSCR_KDE
	bl	function
	debug_on MDSCR_MDE
	bl	function
	debug_on MDSCR_MDE + MDSCR_KDE
	msr	daifset, #8
	bl	function
	msr	daifclr, #8
	mov	x2, #1
	msr	oslar_el1, x2
	isb
	bl	function
	msr	oslar_el1, xzr
	breakpoint 2, here, BP_EL1 - 1
	bl	function
	breakpoint 2, here, BP_EL0
	bl	function
	breakpoint 2, here, BP_EL1
	bl	function
	finish

function:
	add	x1, x1, #1
here:	nop
	ret

taken:	add	x0, x0, #1
	mrs	x2, elr_el1
	add	x2, x2, #4
	msr	elr_el1, x2
	eret
