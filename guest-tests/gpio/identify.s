	.include "test.inc"
	test	"The GPIO port says that it is a PL061 and begins with zeroes"
	.set	GPIO, 0x09030000
	expect	x10, 0xb105f00d00041061
	begin
	ldr	x9, =GPIO
	add	x11, x9, #0xfe0
	mov	x10, #0
	mov	x12, #0
1:	ldr	w0, [x11]
	add	x11, x11, #4
	lsl	x0, x0, x12
	orr	x10, x10, x0
	add	x12, x12, #8
	cmp	x12, #64
	b.ne	1b
	add	x11, x9, #0x400
2:	ldr	w0, [x11]			// GPIODIR to GPIOAFSEL
	add	x11, x11, #4
	cmp	w0, #0
	fail_if	ne, 1
	sub	x0, x11, x9
	cmp	x0, #0x424
	b.ne	2b
	finish
