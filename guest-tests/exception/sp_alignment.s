	.include "test.inc"
	test	"a load by an unaligned SP is an SP alignment fault"
	expect_exception	0x26, 0x200
	expect	esr_el1, 0x9a000000
	expect	elr_el1, at
	expect	x1, 5
	begin
	mrs	x0, sctlr_el1
	orr	x0, x0, #8
	msr	sctlr_el1, x0
	isb
	mov	x1, #5
	sub	sp, sp, #8
at:
	ldr	x1, [sp]
	finish	1
