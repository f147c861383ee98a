	.include "test.inc"
	test	"Stores with writeback, down a stack and up again"
	expect	x0, 3
	expect	x1, 2
	expect	x2, 1
	expect	x3, 0
	begin
	mov	x9, sp
	mov	x10, #1
	str	x10, [sp, #-16]!
	mov	x10, #2
	str	x10, [sp, #-16]!
	mov	x10, #3
	str	w10, [sp, #-16]!
	ldr	w0, [sp], #16
	ldr	x1, [sp], #16
	ldr	x2, [sp], #16
	mov	x10, sp
	sub	x3, x10, x9
	finish
