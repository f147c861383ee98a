// A breakpoint on the instruction to be stepped comes first; with it gone the step is made.
	.include "test.inc"
	.include "debug.inc"
	test	"a breakpoint comes before the instruction's step"
	handler	0x400, taken
	expect	x0, 0x3032
	expect	x1, 1
	expect	elr_el1, next
	begin
	mov	x0, #0
	mov	x1, #0
	breakpoint 0, user, BP_EL0
	debug_on MDSCR_SS + MDSCR_MDE
	enter_el0 user, SPSR_SS
user:	add	x1, x1, #1
next:	finish	1

taken:	mrs	x10, esr_el1
	lsr	x10, x10, #26
	orr	x0, x10, x0, lsl #8
	cmp	x10, #0x32
	b.eq	1f
	msr	dbgbcr0_el1, xzr
	isb
	eret
1:	finish
