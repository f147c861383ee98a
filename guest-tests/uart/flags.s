	.include "test.inc"
	test	"FR tells that the receive FIFO is empty and the transmitter ready"
	expect	x0, 0x90
	begin
	ldr	x9, =UART
	ldr	w1, =0x301
	str	w1, [x9, #0x30]
1:
	ldr	w0, [x9, #0x18]
	tbnz	w0, #3, 1b
	and	w0, w0, #0xf8
	finish
