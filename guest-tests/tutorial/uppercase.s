// Chapter 04: a terminal program without an operating system. Reads characters until a full stop
// and sends them back in capitals, waiting for both FIFOs by polling UARTFR.
	.include "test.inc"
	test	"typed letters come back as capitals"
	uart_input "hello, UART."
	expect_uart "HELLO, UART."
	.set	DR, 0x00
	.set	FR, 0x18
	.set	FR_RXFE_BIT, 4
	.set	FR_TXFF_BIT, 5
	begin
	ldr	x9, =UART
next:	ldr	w1, [x9, #FR]
	tbnz	w1, #FR_RXFE_BIT, next		// nothing there yet
	ldr	w0, [x9, #DR]
	and	w0, w0, #0xff			// above it: receive errors
	sub	w1, w0, #'a'
	cmp	w1, #25
	b.hi	send				// not a small letter
	sub	w0, w0, #('a' - 'A')
send:	ldr	w1, [x9, #FR]
	tbnz	w1, #FR_TXFF_BIT, send		// no room
	str	w0, [x9, #DR]
	cmp	w0, #'.'
	b.ne	next
	finish
