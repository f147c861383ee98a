	.include "test.inc"
	test	"Without SCTLR_EL1.SA an unaligned SP may be a base"
	expect	x0, 42
	begin
	mmu_on
	mrs	x9, sctlr_el1
	bic	x9, x9, #8
	msr	sctlr_el1, x9
	isb
	mov	x9, sp
	sub	sp, sp, #24
	mov	x10, #42
	str	x10, [sp, #8]
	ldr	x0, [sp, #8]
	mov	sp, x9
	finish
