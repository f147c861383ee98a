	.include "test.inc"
	test	"A subroutine that calls itself keeps its return addresses on the stack"
	expect	x0, 2432902008176640000
	begin
	mov	x0, #20
	bl	factorial
	finish
factorial:
	cmp	x0, #1
	b.ls	1f
	stp	x29, x30, [sp, #-32]!
	str	x0, [sp, #16]
	sub	x0, x0, #1
	bl	factorial
	ldr	x1, [sp, #16]
	mul	x0, x0, x1
	ldp	x29, x30, [sp], #32
1:	ret
