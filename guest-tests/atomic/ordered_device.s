	.include "test.inc"
	test	"LDAR and STLR reach devices: LDAR reads the UART's flags"
	expect	x0, 0x90
	expect	x1, 0x301
	begin
	mov	x9, #UART
	add	x10, x9, #0x30
	mov	w1, #0x301
	stlr	w1, [x10]
	ldar	w1, [x10]
	add	x10, x9, #0x18
	ldar	w0, [x10]
	mov	w2, #0x90			// RXFE, TXFE
	and	w0, w0, w2
	finish
