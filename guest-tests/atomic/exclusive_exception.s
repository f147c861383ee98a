	.include "test.inc"
	test	"An exception return clears the reservation"
	expect	x0, 1
	handler 0x200, on_svc
	begin
	mmu_on
	adrp	x9, word
	ldxr	x11, [x9]
	svc	#0
	stxr	w0, x9, [x9]
	finish
on_svc:	eret
	.bss
	.balign	4096
word:	.skip	64
