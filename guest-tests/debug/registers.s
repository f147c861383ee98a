// Six breakpoints, two of them context-aware, four watchpoints, as the ID register says; the seventh
// is UNDEFINED.
	.include "test.inc"
	.include "debug.inc"
	test	"six breakpoints and four watchpoints are there, no more"
	engines	interp, jit
	handler	0x200, taken
	expect	x0, 5				// BRPs
	expect	x1, 3				// WRPs
	expect	x2, 1				// CTX_CMPs
	expect	x3, 0x5554
	expect	x4, 0xfff0
	expect	x5, 0xff00
	expect	x6, 2				// UNDEFINED
	begin
	mov	x6, #0
	mrs	x10, id_aa64dfr0_el1
	ubfx	x0, x10, #12, #4
	ubfx	x1, x10, #20, #4
	ubfx	x2, x10, #28, #4
	mov	x10, #0x5554
	msr	dbgbvr5_el1, x10
	mov	x10, #0xfff0
	msr	dbgwvr3_el1, x10
	mov	x10, #0xff00
	msr	dbgbvr0_el1, x10
	mrs	x3, dbgbvr5_el1
	mrs	x4, dbgwvr3_el1
	mrs	x5, dbgbvr0_el1
	mrs	x10, dbgbvr6_el1
	mrs	x10, dbgwcr4_el1
	finish
taken:	add	x6, x6, #1
	mrs	x20, elr_el1
	add	x20, x20, #4
	msr	elr_el1, x20
	eret
