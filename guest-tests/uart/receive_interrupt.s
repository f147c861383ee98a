	.include "test.inc"
	test	"a received byte raises the receive interrupt, and reading it lowers it"
	uart_input	"x"
	expect	x3, 0x78
	expect	x5, 0
	begin
	ldr	x9, =UART
	ldr	w1, =0x301
	str	w1, [x9, #0x30]
	mov	w1, #0x50
	str	w1, [x9, #0x38]
1:
	ldr	w1, [x9, #0x40]
	cbz	w1, 1b
	ldr	w3, [x9]
	and	w3, w3, #0xff
	ldr	w5, [x9, #0x40]
	finish
