	.include "test.inc"
	test	"LDXR and STXR of words and doublewords, with acquire and release"
	expect	x0, 0
	expect	x1, 0x1122334455667789
	expect	x2, 0x55667788
	begin
	mmu_on
	adrp	x9, word
	ldr	x10, =0x1122334455667788
	str	x10, [x9]
	ldxr	w2, [x9]
	add	w11, w2, #1
	stxr	w0, w11, [x9]
	cbnz	w0, 9f
	ldaxr	x3, [x9]
	stlxr	w0, x3, [x9]
	ldr	x1, [x9]
	finish
9:	finish	1
	.bss
	.balign	4096
word:	.skip	64
