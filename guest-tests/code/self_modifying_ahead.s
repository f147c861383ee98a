	.include "test.inc"
	test	"the next instruction of the very line in execution is replaced"
	expect	x2, 2
	begin
	adr	x9, patch
	// Make it known to whatever caches decoded code.
	mov	x4, #0
again:
	cbz	x4, 1f
	ldr	w3, =0xd2800042    // mov x2, #2
	str	w3, [x9]
	dc	cvau, x9
	dsb	ish
	ic	ivau, x9
	dsb	ish
	isb
1:
patch:
	mov	x2, #1
	add	x4, x4, #1
	cmp	x4, #2
	b.ne	again
	finish
