	.include "test.inc"
	test	"A loop of a hundred thousand backward branches sums 1 to 100000"
	expect	x0, 5000050000
	begin
	mov	x0, #0
	mov	w1, #0x86a0
	movk	w1, #1, lsl #16
1:	add	x0, x0, x1
	subs	x1, x1, #1
	b.ne	1b
	finish
