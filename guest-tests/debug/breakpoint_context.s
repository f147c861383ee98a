// Breakpoints of the context, each linked to one of an address (BT 1 to BT 3).
	.include "test.inc"
	.include "debug.inc"
	test	"context breakpoints match CONTEXTIDR_EL1, linked to an address"
	handler	0x200, taken
	expect	x0, 1				// linked: hit in context 7, not in 8
	expect	x1, 2
	expect	x2, 1				// linked to one that is no context breakpoint: never
	begin
	mov	x0, #0
	mov	x1, #0
	mov	x10, #8
	msr	contextidr_el1, x10
	debug_on MDSCR_MDE + MDSCR_KDE
	breakpoint 4, 7, BP_CONTEXT_LINKED + BP_EL1
	breakpoint 0, here, BP_LINKED + BP_EL1 + (4 << LBN)
	bl	function
	mov	x10, #7
	msr	contextidr_el1, x10
	isb
	bl	function
	mov	x2, x0
	breakpoint 0, here, BP_LINKED + BP_EL1 + (3 << LBN)
	bl	function
	sub	x1, x1, #1
	finish

function:
	add	x1, x1, #1
here:	nop
	ret

taken:	add	x0, x0, #1
	mrs	x20, elr_el1
	add	x20, x20, #4
	msr	elr_el1, x20
	eret
