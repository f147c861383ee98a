	.include "test.inc"
	test	"A page in the balloon comes back empty, and what is put there then is executed"
	devices	balloon
	expect	x4, 0x0badc0de			// before
	expect	x5, 0				// in the balloon
	expect	x6, 0x600d			// afterwards
	expect	x7, 0				// the used length
	begin
	.include "virtio/virtio.inc"
	.macro	code word:req			// the instruction that the page's function begins with
	ldr	w0, =\word
	str	w0, [x11]
	ldr	w0, =0xd65f03c0			// RET
	str	w0, [x11, #4]
	dc	cvau, x11
	dsb	ish
	ic	ivau, x11
	dsb	ish
	isb
	.endm
	virtio	0, 0
	add	x11, x10, #0x1000
	mov	x14, #100			// often enough for it to be translated
1:	code	0x52800020			// MOV W0, #1
	blr	x11
	subs	x14, x14, #1
	b.ne	1b
	cmp	w0, #1
	fail_if	ne, 3
	ldr	w4, =0x0badc0de
	str	w4, [x11, #0x800]
	lsr	x12, x11, #12			// the page's number
	str	w12, [x10, #BUFFER]
	describe 0, 0, 4, 0
	offer	0, 0
	await_used 1
	ldr	w7, [x10, #(USED + 8)]
	ldr	w5, [x11, #0x800]
	ldr	w1, [x11]
	orr	w5, w5, w1
	code	0x528c01a0			// MOV W0, #0x600d
	blr	x11
	mov	w6, w0
	finish
