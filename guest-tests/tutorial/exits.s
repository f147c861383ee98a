// Chapter 03: three stores and two loads that leave the guest, in a loop of a thousand instructions
// that does not. The exit device's SCRATCH register (0x04) is a device access and nothing more.
	.include "test.inc"
	test	"only accesses to devices leave the guest"
	expect	x2, 3
	expect	x3, 3
	begin
	ldr	x9, =EXIT
	mov	x0, #500
1:	subs	x0, x0, #1
	b.ne	1b
	mov	w1, #1
2:	str	w1, [x9, #4]
	add	w1, w1, #1
	cmp	w1, #4
	b.ne	2b
	ldr	w2, [x9, #4]
	ldr	w3, [x9, #4]
	finish
