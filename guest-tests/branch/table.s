	.include "test.inc"
	test	"An indirect branch through a table reaches each of its targets"
	expect	x0, 0x4321
	begin
	mov	x0, #0
	mov	x1, #0
next:	adr	x9, targets
	ldr	w10, [x9, x1, lsl #2]
	add	x9, x9, w10, sxtw
	add	x1, x1, #1
	br	x9
	.irp	n, 1, 2, 3, 4
t\n:	mov	x11, #\n
	lsl	x11, x11, #((\n - 1) * 4)
	orr	x0, x0, x11
	b	next
	.endr
done:	finish
	.balign	4
targets:
	.4byte	t1 - targets, t2 - targets, t3 - targets, t4 - targets, done - targets
