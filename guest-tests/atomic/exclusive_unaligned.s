	.include "test.inc"
	test	"An unaligned exclusive is an alignment fault, though SCTLR_EL1.A is 0"
	expect	x0, 0x96000021
	expect	x1, word + 4
	handler 0x200, on_fault
	begin
	mmu_on
	adrp	x9, word
	add	x9, x9, #4
	ldxr	x10, [x9]
	finish	1
on_fault:
	mrs	x0, esr_el1
	mrs	x1, far_el1
	finish
	.bss
	.balign	4096
word:	.skip	64
