	.include "test.inc"
	test	"CPU_ON starts a CPU at EL1 with the context in x0; AFFINITY_INFO follows"
	cpus	2
	expect	x10, 1
	expect	x11, 0
	expect	x12, 0xcafe
	expect	x13, 4
	begin
	movz	x0, #0xc400, lsl #16
	movk	x0, #0x0004
	mov	x1, #1
	mov	x2, #0
	hvc	#0
	mov	x10, x0
	movz	x0, #0xc400, lsl #16
	movk	x0, #0x0003
	mov	x1, #1
	adr	x2, other
	mov	x3, #0xcafe
	hvc	#0
	mov	x11, x0
	adrp	x4, scratch_page
	wait_word	x4, #1
	ldr	x12, [x4, #8]
	ldr	x13, [x4, #16]
	finish
other:
	adrp	x4, scratch_page
	str	x0, [x4, #8]
	mrs	x1, currentel
	str	x1, [x4, #16]
	mov	w1, #1
	stlr	w1, [x4]
	b	.
