	.include "test.inc"
	test	"code changed by one CPU is executed by another after its ISB"
	cpus	2
	expect	x5, 1
	expect	x6, 2
	begin
	start_cpu	1, other
	adrp	x9, scratch_page
	wait_word	x9, #1
	ldr	w5, [x9, #4]
	adr	x10, patch
	ldr	w3, =0x52800042    // mov w2, #2
	str	w3, [x10]
	dc	cvau, x10
	dsb	ish
	ic	ivau, x10
	dsb	ish
	mov	w4, #2
	stlr	w4, [x9]
	wait_word	x9, #3
	ldr	w6, [x9, #4]
	finish
other:
	adrp	x9, scratch_page
	bl	patch
	str	w2, [x9, #4]
	mov	w4, #1
	stlr	w4, [x9]
	wait_word	x9, #2
	isb
	bl	patch
	str	w2, [x9, #4]
	mov	w4, #3
	stlr	w4, [x9]
	b	.
patch:
	mov	w2, #1
	ret
