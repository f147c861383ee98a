	.include "test.inc"
	test	"Pre- and post-indexed forms write the base back, before or after it is used"
	expect	x0, 0x2222222222222222
	expect	x1, data + 8
	expect	x2, 0x2222222222222222
	expect	x3, data
	expect	x4, 0x33
	expect	x5, data + 255
	begin
	adr	x1, data
	ldr	x0, [x1, #8]!
	mov	x3, x1
	ldr	x2, [x3], #-8
	adr	x5, data + 16
	ldrb	w4, [x5], #239
	finish
	.balign	8
data:	.8byte	0x1111111111111111, 0x2222222222222222, 0x3333333333333333
	.skip	256
