	.include "test.inc"
	test	"an illegal exception return sets PSTATE.IL: the next instruction takes an exception"
	expect_exception	0x0e, 0x200
	expect	esr_el1, 0x3a000000
	expect	elr_el1, target
	begin
	adr	x0, target
	msr	elr_el1, x0
	mov	x0, #0x3c9
	msr	spsr_el1, x0
	eret
target:
	finish	1
