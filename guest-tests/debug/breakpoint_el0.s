// A breakpoint for EL0 does not hit at EL1. Each of the six is hit once, and then disabled by the
// handler, so that the instruction is executed when it returns.
	.include "test.inc"
	.include "debug.inc"
	test	"breakpoints for EL0 hit there alone, each of the six"
	handler	0x400, taken
	expect	x0, 6
	expect	x3, 6
	expect	x4, 6				// at EL1 none was hit
	begin
	debug_on MDSCR_MDE + MDSCR_KDE
	breakpoint 0, b0, BP_EL0
	breakpoint 1, b1, BP_EL0
	breakpoint 2, b2, BP_EL0
	breakpoint 3, b3, BP_EL0
	breakpoint 4, b4, BP_EL0
	breakpoint 5, b5, BP_EL0
	mov	x0, #0
	mov	x3, #0
	bl	sequence
	mov	x4, x3
	mov	x3, #0
	enter_el0 user
user:	bl	sequence
	svc	#0

sequence:
b0:	add	x3, x3, #1
b1:	add	x3, x3, #1
b2:	add	x3, x3, #1
	b	b3
	nop
b3:	add	x3, x3, #1
b4:	add	x3, x3, #1
	nop
	add	x3, x3, #1
b5:	ret

taken:	mrs	x5, esr_el1
	ldr	x6, =ESR_BREAKPOINT_EL0
	cmp	x5, x6
	b.ne	done
	add	x0, x0, #1
	mrs	x5, elr_el1
	.irp	n, 0,1,2,3,4,5
	mrs	x6, dbgbvr\n\()_el1
	cmp	x5, x6
	b.ne	1f
	msr	dbgbcr\n\()_el1, xzr
1:
	.endr
	isb
	eret
done:	finish
