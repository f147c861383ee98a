	.include "test.inc"
	test	"An unaligned LSE atomic is an alignment fault and changes nothing"
	needs	lse
	expect	x0, 0x96000061
	expect	x1, 0
	expect	x2, 33
	handler 0x200, on_fault
	begin
	mmu_on
	adrp	x9, word
	add	x9, x9, #4
	mov	x2, #33
	ldadd	x9, x2, [x9]
	finish	1
on_fault:
	mrs	x0, esr_el1
	ldr	w1, [x9]
	finish
	.bss
	.balign	4096
word:	.skip	64
