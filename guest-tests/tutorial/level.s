// Chapter 00: where am I? CurrentEL has the exception level in bits [3:2] (Arm DDI 0487, C5.2.1).
	.include "test.inc"
	test	"a guest begins at EL1, and prints so"
	expect	x1, 1
	expect_uart "EL1\n"
	begin
	mrs	x1, currentel
	lsr	x1, x1, #2
	puts	"EL"
	ldr	x9, =UART
	add	w2, w1, #'0'
	str	w2, [x9]			// UARTDR: a character leaves
	puts	"\n"
	finish
