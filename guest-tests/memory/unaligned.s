	.include "test.inc"
	test	"Unaligned accesses to Normal memory work, within a page and across two"
	expect	x0, 0x8877665544332211
	expect	x1, 0x88776655
	expect	x2, 0x8877665544332211
	expect	v3, 0x88776655443322118877665544332211
	expect	x4, 0x8877665544332211
	expect	x5, 0x8877665544332211
	begin
	mmu_on
	adrp	x9, buffer
	add	x9, x9, :lo12:buffer
	ldr	x10, =0x8877665544332211
	str	x10, [x9, #1]!
	ldr	x0, [x9]
	ldur	w1, [x9, #4]
	add	x9, x9, #4096 - 1 - 3
	str	x10, [x9]
	ldr	x2, [x9]
	fmov	d3, x10
	mov	v3.d[1], x10
	str	q3, [x9]
	ldr	q3, [x9]
	stp	x10, x10, [x9, #-8]
	ldp	x4, x5, [x9, #-8]
	finish
	.bss
	.balign	4096
buffer:	.skip	8192
