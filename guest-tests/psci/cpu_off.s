	.include "test.inc"
	test	"CPU_OFF ends a CPU, which can be started again"
	cpus	2
	expect	x10, 2
	begin
	adrp	x9, scratch_page
	start_cpu	1, other
	wait_word	x9, #1
1:
	movz	x0, #0xc400, lsl #16
	movk	x0, #0x0004
	mov	x1, #1
	mov	x2, #0
	hvc	#0
	cmp	x0, #1
	b.ne	1b
	start_cpu	1, other
	wait_word	x9, #2
	ldr	w10, [x9]
	finish
other:
	adrp	x9, scratch_page
	ldr	w1, [x9]
	add	w1, w1, #1
	stlr	w1, [x9]
	movz	x0, #0x8400, lsl #16
	movk	x0, #2
	hvc	#0
	b	.
