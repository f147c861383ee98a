	.include "test.inc"
	test	"in loopback what is sent is received"
	expect	x0, 0x41
	expect	x1, 0x42
	begin
	ldr	x9, =UART
	ldr	w1, =0x381
	str	w1, [x9, #0x30]
	mov	w1, #0x10
	str	w1, [x9, #0x2c]
	mov	w1, #0x41
	str	w1, [x9]
	mov	w1, #0x42
	str	w1, [x9]
	ldr	w0, [x9]
	ldr	w1, [x9]
	finish
