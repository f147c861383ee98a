	.include "test.inc"
	test	"LDAR and STLR of each size"
	expect	x0, 0x1122334455667788
	expect	x1, 0x55667788
	expect	x2, 0x7788
	expect	x3, 0x88
	expect	x4, 0x99999999cccc00dd
	begin
	mmu_on
	adrp	x9, word
	ldr	x10, =0x1122334455667788
	stlr	x10, [x9]
	ldar	x0, [x9]
	ldar	w1, [x9]
	ldarh	w2, [x9]
	ldarb	w3, [x9]
	stlr	xzr, [x9]
	mov	w10, #0x99999999
	add	x11, x9, #4
	stlr	w10, [x11]
	mov	w10, #0xcccc
	add	x11, x9, #2
	stlrh	w10, [x11]
	mov	w10, #0xdd
	stlrb	w10, [x9]
	ldr	x4, [x9]
	finish
	.bss
	.balign	4096
word:	.skip	64
