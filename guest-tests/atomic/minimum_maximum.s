	.include "test.inc"
	test	"LDSMAX, LDSMIN, LDUMAX and LDUMIN compare as their names say, in their size"
	needs	lse
	expect	x0, 0xff
	expect	x1, 0x01
	expect	x2, 0x01
	expect	x3, 0x80
	expect	x4, 0x80
	expect	x5, 0xffffffff
	expect	x6, 0x7fffffff
	expect	x7, 0xffffffffffffffff
	expect	x8, 1
	begin
	mmu_on
	adrp	x9, word
	mov	x10, #0xff
	strb	w10, [x9]
	mov	w10, #1
	ldsmaxb	w10, w0, [x9]
	ldrb	w1, [x9]
	mov	w10, #0x80
	ldsminb	w10, w2, [x9]
	ldrb	w3, [x9]
	mov	w10, #0x7f
	ldumaxb	w10, w4, [x9]
	mov	w10, #-1
	str	w10, [x9]
	mov	w10, #0x7fffffff
	ldumin	w10, w5, [x9]
	ldr	w6, [x9]
	mov	x10, #-1
	str	x10, [x9]
	mov	x10, #1
	ldsmax	x10, x7, [x9]
	ldr	x8, [x9]
	finish
	.bss
	.balign	4096
word:	.skip	64
