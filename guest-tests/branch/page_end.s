	.include "test.inc"
	test	"Execution runs on from the last word of a page into the next"
	expect	x0, 3
	begin
	mov	x0, #0
	b	last
	.balign	4096
	.skip	4096 - 8
last:	add	x0, x0, #1
	add	x0, x0, #1
	add	x0, x0, #1
	finish
