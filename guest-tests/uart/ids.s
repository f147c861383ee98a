	.include "test.inc"
	test	"the PL011 has its identification registers"
	expect	x0, 0x11
	expect	x1, 0x10
	expect	x2, 0x0d
	expect	x3, 0xf0
	expect	x4, 0x05
	expect	x5, 0xb1
	begin
	ldr	x9, =UART + 0xfe0
	ldr	w0, [x9]
	ldr	w1, [x9, #4]
	ldr	w2, [x9, #0x10]
	ldr	w3, [x9, #0x14]
	ldr	w4, [x9, #0x18]
	ldr	w5, [x9, #0x1c]
	finish
