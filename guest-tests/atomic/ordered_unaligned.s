	.include "test.inc"
	test	"An unaligned STLR is an alignment fault and stores nothing"
	expect	x0, 0x96000061
	expect	x1, 0
	handler 0x200, on_fault
	begin
	mmu_on
	adrp	x9, word
	add	x10, x9, #2
	stlr	w9, [x10]
	finish	1
on_fault:
	mrs	x0, esr_el1
	ldr	x1, [x9]
	finish
	.bss
	.balign	4096
word:	.skip	64
