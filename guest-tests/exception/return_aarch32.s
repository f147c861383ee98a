	.include "test.inc"
	test	"a return to AArch32 is illegal"
	needs	aarch64_only
	expect_exception	0x0e, 0x200
	begin
	adr	x0, target
	msr	elr_el1, x0
	mov	x0, #0x10
	msr	spsr_el1, x0
	eret
target:
	finish	1
