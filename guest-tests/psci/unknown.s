	.include "test.inc"
	test	"an unknown function returns NOT_SUPPORTED and keeps x4 and up"
	expect	x0, -1
	expect	x4, 4
	expect	x19, 19
	begin
	mov	x4, #4
	mov	x19, #19
	movz	x0, #0x8400, lsl #16
	movk	x0, #0x1234
	hvc	#0
	sxtw	x0, w0
	finish
