	.include "test.inc"
	test	"the transmit interrupt is raised by sending and cleared by ICR"
	expect_uart	"t"
	expect	x0, 0x20
	expect	x1, 0
	begin
	ldr	x9, =UART
	ldr	w1, =0x301
	str	w1, [x9, #0x30]
	mov	w1, #0x74
	str	w1, [x9]
1:
	ldr	w0, [x9, #0x3c]
	and	w0, w0, #0x20
	cbz	w0, 1b
	mov	w1, #0x20
	str	w1, [x9, #0x44]
	ldr	w1, [x9, #0x3c]
	and	w1, w1, #0x20
	finish
