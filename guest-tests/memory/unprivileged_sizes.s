	.include "test.inc"
	test	"LDTR and STTR in every size, with sign extension"
	expect	x0, 0x81
	expect	x1, 0xffffffffffffff81
	expect	x2, 0xffffff81
	expect	x3, 0xffff8281
	expect	x4, 0xffffffff84838281
	expect	x5, 0x84838281
	expect	x6, 0xffffffff82818281
	expect	x7, 0xffffffffffff8281
	begin
	mmu_on
	adrp	x10, buffer
	ldr	x9, =0x8887868584838281
	sttr	x9, [x10, #8]
	add	x11, x10, #16
	ldtrb	w0, [x11, #-8]
	ldtrsb	x1, [x11, #-8]
	ldtrsb	w2, [x11, #-8]
	ldtrsh	w3, [x11, #-8]
	ldtrsw	x4, [x11, #-8]
	ldtr	w5, [x11, #-8]
	ldtrsh	x7, [x11, #-8]
	mov	x6, #-1
	str	x6, [x10]
	sttrb	w9, [x10, #2]
	sttrh	w9, [x10]
	lsr	x12, x9, #8
	sttrb	w12, [x10, #3]
	ldr	x6, [x10]
	finish
	.bss
	.balign	4096
buffer:	.skip	64
