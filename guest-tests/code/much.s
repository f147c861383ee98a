	.include "test.inc"
	test	"many pages of new code, each page run often, six times over"
	// 400 pages of 250 additions. When it is translated that is more than the smallest --jit-cache.
	expect	x0, 6 * 20 * (400 * 250 + 399 * 400 / 2)
	begin
	mov	x0, #0
	mov	x1, #6              // rounds
1:
	ldr	x9, =0x40200000     // the page
	mov	x2, #0              // its number
2:
	// add x3, x3, #1, 249 times; one that adds 1 and the page's number; ret
	mov	x4, x9
	mov	x5, #249
	ldr	w6, =0x91000463
3:
	str	w6, [x4], #4
	sub	x5, x5, #1
	cbnz	x5, 3b
	ldr	w6, =0x91000063     // add x3, x3, #0
	add	w7, w2, #1
	orr	w6, w6, w7, lsl #10
	str	w6, [x4], #4
	ldr	w6, =0xd65f03c0
	str	w6, [x4]
	add	x5, x9, #1024
	mov	x4, x9
4:
	dc	cvau, x4
	add	x4, x4, #64
	cmp	x4, x5
	b.ne	4b
	dsb	ish
	mov	x4, x9
5:
	ic	ivau, x4
	add	x4, x4, #64
	cmp	x4, x5
	b.ne	5b
	dsb	ish
	isb
	mov	x3, #0
	mov	x5, #20             // calls
6:
	blr	x9
	sub	x5, x5, #1
	cbnz	x5, 6b
	add	x0, x0, x3
	add	x9, x9, #4096
	add	x2, x2, #1
	cmp	x2, #400
	b.ne	2b
	sub	x1, x1, #1
	cbnz	x1, 1b
	finish
