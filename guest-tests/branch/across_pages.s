	.include "test.inc"
	test	"Direct branches of every kind reach other pages, both ways"
	expect	x0, 0b11111
	begin
	mov	x0, #0
	cmp	x0, x0
	b	far1
	.skip	5000
near2:	orr	x0, x0, #2
	cbz	xzr, far3
	.skip	9000
far1:	orr	x0, x0, #1
	b.eq	near2
	.skip	4096
far3:	orr	x0, x0, #4
	tbz	xzr, #5, far4
	.skip	4100
far4:	orr	x0, x0, #8
	bl	far5
	finish
	.skip	4096
far5:	orr	x0, x0, #16
	ret
