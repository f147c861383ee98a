	.include "test.inc"
	test	"reaching MR raises the interrupt, IMSC masks it, ICR clears it"
	timeout	60000			// in virtual time the second is 62.5 million instructions
	expect	x1, 1
	expect	x2, 0
	expect	x3, 1
	expect	x4, 0
	begin
	ldr	x9, =RTC
	ldr	w0, =5000
	str	w0, [x9, #8]
	ldr	w0, =5001
	str	w0, [x9, #4]
1:
	ldr	w1, [x9, #0x14]
	cbz	w1, 1b
	ldr	w2, [x9, #0x18]
	mov	w5, #1
	str	w5, [x9, #0x10]
	ldr	w3, [x9, #0x18]
	str	w5, [x9, #0x1c]
	ldr	w4, [x9, #0x14]
	finish
