	.include "test.inc"
	test	"code generated over and over again is always the newest"
	expect	x0, 3000
	expect	x1, 0
	begin
	adrp	x9, scratch_page
	ldr	w10, =0xd65f03c0    // ret
	str	w10, [x9, #4]
	mov	x0, #0
	mov	x1, #0
1:
	add	x0, x0, #1
	ldr	w10, =0xd2800002    // mov x2, #imm16
	orr	w10, w10, w0, lsl #5
	str	w10, [x9]
	dc	cvau, x9
	dsb	ish
	ic	ivau, x9
	dsb	ish
	isb
	blr	x9
	cmp	x2, x0
	cinc	x1, x1, ne
	ldr	w3, =3000
	cmp	w0, w3
	b.ne	1b
	finish
