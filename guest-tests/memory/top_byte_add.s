	.include "test.inc"
	test	"Address arithmetic wraps at 64 bits"
	expect	x0, 0x1234
	expect	x1, 0x1234
	begin
	adr	x9, data
	mov	x10, #-8
	sub	x11, x9, x10
	ldr	x0, [x11, x10]
	mov	x12, #-16
	add	x13, x9, #16
	ldr	x1, [x12, x13]
	finish
	.balign	8
data:	.8byte	0x1234
