// A breakpoint of the context by itself (BT 2).
	.include "test.inc"
	.include "debug.inc"
	test	"an unlinked context breakpoint hits every instruction in its context"
	handler	0x200, taken
	expect	x0, 3				// here three, until changed
	begin
	mov	x10, #7
	msr	contextidr_el1, x10
	debug_on MDSCR_MDE + MDSCR_KDE
	mov	x0, #0
	msr	daifset, #8			// or the ISB may be hit already
	breakpoint 5, 7, BP_CONTEXT + BP_EL1
	msr	daifclr, #8
	// The handler steps over one instruction at each hit: none of these is executed.
	mov	x0, #77
	mov	x0, #78
	finish	1
stop:	finish

taken:	add	x0, x0, #1
	mrs	x20, elr_el1
	add	x20, x20, #4
	cmp	x0, #3
	b.ne	1f
	adr	x20, stop
	msr	dbgbcr5_el1, xzr
	isb
1:	msr	elr_el1, x20
	eret
