	.include "test.inc"
	test	"XZR reads as zero and takes what is written to it, after any number of writes"
	expect	x0, 0
	expect	x1, 7
	begin
	mov	x1, #7
	mov	x2, #-1
	orr	xzr, x2, x2
	add	xzr, x2, x1
	mul	xzr, x2, x2
	ldr	xzr, =0x1234
	add	x0, xzr, xzr
	add	x1, x1, xzr
	finish
