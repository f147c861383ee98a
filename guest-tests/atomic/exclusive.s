	.include "test.inc"
	test	"LDXR and STXR of each size: the store succeeds once and changes its own bytes"
	expect	x0, 0
	expect	x1, 1
	expect	x2, 0x99aabbcc44443311
	expect	x3, 0x81
	expect	x4, 0x9291
	begin
	mmu_on
	adrp	x9, word
	ldr	x10, =0x99aabbcc92918281
	str	x10, [x9]
	ldxrb	w3, [x9]
	mov	w11, #0x11
	stxrb	w0, w11, [x9]
	cbnz	w0, 9f
	stxrb	w1, w11, [x9]
	add	x12, x9, #2
	ldxrh	w4, [x12]
	mov	w11, #0x4444
	stxrh	w0, w11, [x12]
	cbnz	w0, 9f
	add	x12, x9, #1
	ldaxrb	w5, [x12]
	mov	w11, #0x33
	stlxrb	w0, w11, [x12]
	cbnz	w0, 9f
	ldr	x2, [x9]
	finish
9:	finish	1
	.bss
	.balign	4096
word:	.skip	64
