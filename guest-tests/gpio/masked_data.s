	.include "test.inc"
	test	"The address of GPIODATA says which lines are read and written"
	.set	GPIO, 0x09030000
	begin
	ldr	x9, =GPIO
	mov	w0, #0xf0			// lines 4 to 7 are outputs
	str	w0, [x9, #0x400]
	mov	w0, #0xff
	str	w0, [x9, #(0x5f << 2)]
	ldr	w0, [x9, #(0xff << 2)]
	cmp	w0, #0x50
	fail_if	ne, 1
	str	wzr, [x9, #(0x40 << 2)]
	ldr	w0, [x9, #(0xff << 2)]
	cmp	w0, #0x10
	fail_if	ne, 2
	ldr	w0, [x9, #(0xe0 << 2)]
	cmp	w0, #0
	fail_if	ne, 3
	finish
