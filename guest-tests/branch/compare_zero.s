	.include "test.inc"
	test	"CBZ and CBNZ look at their width only"
	expect	x0, 0b1111
	begin
	mov	x0, #0
	mov	x9, #0x100000000
	cbz	w9, 1f
	finish	1
1:	orr	x0, x0, #1
	cbz	x9, 9f
	orr	x0, x0, #2
	cbnz	w9, 9f
	orr	x0, x0, #4
	cbnz	x9, 2f
9:	finish	2
2:	orr	x0, x0, #8
	cbnz	xzr, 9b
	cbz	xzr, 3f
	finish	3
3:	finish
