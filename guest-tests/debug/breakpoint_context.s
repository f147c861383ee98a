// Breakpoints of the context: one linked to an address (BT 1 to BT 3), and one by itself (BT 2).
	.include "test.inc"
	.include "debug.inc"
	test	"context breakpoints match CONTEXTIDR_EL1, linked and unlinked"
	handler	0x200, taken
	expect	x0, 1				// linked: hit in context 7, not in 8
	expect	x1, 2
	expect	x2, 1				// linked to one that is no context breakpoint: never
	expect	x4, 3				// unlinked: every instruction, here three, until changed
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
	mov	x3, x0
	msr	dbgbcr0_el1, xzr
	msr	dbgbcr4_el1, xzr
	isb
	mov	x0, #0
	msr	daifset, #8			// or the ISB may be hit already
	breakpoint 5, 7, BP_CONTEXT + BP_EL1
	msr	daifclr, #8
	// The handler steps over one instruction at each hit: none of these is executed.
	mov	x0, #77
	mov	x0, #78
	b	.
stop:	mov	x4, x0
	mov	x0, x3
	finish

function:
	add	x1, x1, #1
here:	nop
	ret

taken:	add	x0, x0, #1
	mrs	x20, elr_el1
	add	x20, x20, #4
	msr	elr_el1, x20
	adr	x21, stop
	cmp	x20, x21
	b.ne	1f
	msr	dbgbcr5_el1, xzr
	isb
1:	eret
