	.include "test.inc"
	test	"with SCTLR_EL1.SA clear an unaligned SP is no fault"
	expect	x1, 6
	begin
	mrs	x0, sctlr_el1
	bic	x0, x0, #8
	msr	sctlr_el1, x0
	isb
	mov	x1, #6
	sub	sp, sp, #24
	str	x1, [sp]
	mov	x1, #0
	ldr	x1, [sp]
	add	sp, sp, #24
	finish
