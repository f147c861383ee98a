	.include "test.inc"
	.include "debug.inc"
	test	"a watchpoint hits on a device"
	engines	interp, jit		// KVM: the stage 2 abort of a device's address comes before it
	handler	0x200, taken
	expect	x0, 1
	expect	x1, UART + 0x18
	begin
	mov	x0, #0
	debug_on MDSCR_MDE + MDSCR_KDE
	watchpoint 1, UART + 0x18, WP_EL1 + WP_LOAD + WP_DOUBLEWORD
	ldr	x2, =UART
	ldr	w3, [x2, #0x18]
	mrs	x1, far_el1
	finish

taken:	add	x0, x0, #1
	mrs	x20, elr_el1
	add	x20, x20, #4
	msr	elr_el1, x20
	eret
