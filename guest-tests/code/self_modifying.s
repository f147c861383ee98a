	.include "test.inc"
	test	"an instruction that was executed is replaced: DC CVAU, IC IVAU, DSB, ISB"
	expect	x0, 1
	expect	x1, 2
	begin
	adr	x9, patch
	bl	patch
	mov	x0, x2
	ldr	w3, =0xd2800042    // mov x2, #2
	str	w3, [x9]
	dc	cvau, x9
	dsb	ish
	ic	ivau, x9
	dsb	ish
	isb
	bl	patch
	mov	x1, x2
	finish
patch:
	mov	x2, #1
	ret
