	.include "test.inc"
	.include "debug.inc"
	test	"a watchpoint hits with the MMU off, too"
	handler	0x200, taken
	expect	x0, 1
	expect	x1, data
	begin
	mov	x0, #0
	debug_on MDSCR_MDE + MDSCR_KDE
	watchpoint 0, data, WP_EL1 + WP_LOAD + WP_DOUBLEWORD
	adr	x2, data
	ldr	x3, [x2]
	mrs	x1, far_el1
	finish

taken:	add	x0, x0, #1
	mrs	x20, elr_el1
	add	x20, x20, #4
	msr	elr_el1, x20
	eret
	.data
	.balign	8
data:	.8byte	0
