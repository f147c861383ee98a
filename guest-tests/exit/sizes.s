// The loads and stores of a device register that carry a syndrome for a hypervisor (DDI 0487,
// ESR_EL2.ISS.ISV): each size, each way to make the address. What was in the register is gone.
	.include "test.inc"
	test	"a device register is reached by plain loads and stores of every size"
	expect	x1, 0xef
	expect	x2, 0xcdef
	expect	x3, 0x89abcdef
	expect	x4, 0				// nothing in the device has 8 bytes
	expect	x5, 0x89abcdef			// LDUR
	expect	x6, 0x89abcdef			// register offset
	expect	x7, 0x89abcdef			// extended and scaled
	expect	x8, 0x21			// STRB
	expect	x9, 0x4321			// STRH
	expect	x10, 0				// WZR
	begin
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
	mov	x\n, #-1
	.endr
	ldr	x0, =EXIT
	mov	x20, #4
	mov	w21, #-1
	add	x22, x0, #8
	ldr	w23, =0x89abcdef
	ldr	w24, =0x87654321
	str	w23, [x0, #4]
	ldrb	w1, [x0, #4]
	ldrh	w2, [x0, #4]
	ldr	w3, [x0, #4]
	ldr	x4, [x0]
	ldur	w5, [x22, #-4]
	ldr	w6, [x0, x20]
	ldr	w7, [x22, w21, sxtw #2]
	strb	w24, [x0, #4]
	ldr	w8, [x0, #4]
	strh	w24, [x0, #4]
	ldr	w9, [x0, #4]
	str	wzr, [x0, #4]
	ldr	w10, [x0, #4]
	finish
