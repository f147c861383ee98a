	.include "test.inc"
	test	"straight-line code runs across a page boundary"
	expect	x0, 4
	begin
	b	start
	.balign	4096
	.skip	4096 - 8
start2:
	add	x0, x0, #1
	add	x0, x0, #1
	add	x0, x0, #1
	add	x0, x0, #1
	finish
start:
	mov	x0, #0
	b	start2
