	.include "test.inc"
	test	"bytes typed into the UART arrive in order"
	uart_input	"abc"
	expect_uart	"abc"
	begin
	ldr	x9, =UART
	ldr	w1, =0x301
	str	w1, [x9, #0x30]
	mov	x2, #3
1:
	ldr	w1, [x9, #0x18]
	tbnz	w1, #4, 1b
	ldr	w1, [x9]
	str	w1, [x9]
	subs	x2, x2, #1
	b.ne	1b
	finish
