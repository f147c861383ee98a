	.include "test.inc"
	test	"STXR to another address than LDXR's fails here, and gives the reservation up"
	expect	x0, 1
	expect	x1, 1
	expect	x2, 0
	begin
	mmu_on
	adrp	x9, word
	add	x10, x9, #2048
	ldxr	x11, [x9]
	stxr	w0, x9, [x10]
	stxr	w1, x9, [x9]
	ldr	x2, [x10]
	finish
	.bss
	.balign	4096
word:	.skip	4096
