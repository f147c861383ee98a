	.include "test.inc"
	test	"CPU_ON of a running CPU is ALREADY_ON, of one that does not exist INVALID_PARAMETERS"
	expect	x5, -4
	expect	x6, -2
	begin
	movz	x0, #0xc400, lsl #16
	movk	x0, #0x0003
	mov	x1, #0
	adr	x2, .
	mov	x3, #0
	hvc	#0
	sxtw	x5, w0
	movz	x0, #0xc400, lsl #16
	movk	x0, #0x0003
	mov	x1, #77
	adr	x2, .
	mov	x3, #0
	hvc	#0
	sxtw	x6, w0
	finish
