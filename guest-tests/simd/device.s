// Lanes may be stored to a device: each character is one access to the UART's data register.
	.include "test.inc"
	test	"ST1 of a lane to the UART"
	engines	interp, jit		// KVM can not emulate it: no syndrome
	expect_uart	"\nhi"
	begin
	puts	"\n"				// enables the UART
	movz	x1, #(UART >> 16), lsl #16
	mov	w2, #'h'
	ins	v0.s[2], w2
	mov	w2, #'i'
	ins	v1.b[9], w2
	st1	{v0.s}[2], [x1]
	st1	{v1.b}[9], [x1]
	finish
