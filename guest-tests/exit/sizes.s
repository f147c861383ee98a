	.include "test.inc"
	test	"a device register is reached by every form of load and store"
	expect	x1, 0xffffffffffffff80
	expect	x2, 0x80
	expect	x3, 0x12345680
	begin
	ldr	x0, =EXIT
	ldr	w1, =0x12345680
	str	w1, [x0, #4]
	ldrsb	x1, [x0, #4]
	ldrb	w2, [x0, #4]
	ldr	w3, [x0, #4]
	finish
