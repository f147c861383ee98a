	.include "test.inc"
	test	"Register offsets: LSL, UXTW, SXTW, SXTX, with and without scaling"
	expect	x0, 3
	expect	x1, 4
	expect	x2, 1
	expect	x3, 2
	expect	x4, 0x0000000300000000
	expect	x5, 0
	begin
	mmu_on
	adr	x9, middle
	ldr	x10, =0xfffffffffffffff8
	ldr	x11, =0x5555555500000001
	ldr	x12, =0xaaaaaaaafffffffe
	mov	x13, #-1
	ldr	x0, [x9, xzr]
	ldr	x1, [x9, w11, uxtw #3]
	ldr	x2, [x9, w12, sxtw #3]
	ldr	x3, [x9, x13, sxtx #3]
	sub	x9, x9, #4
	mov	x12, #0
	ldr	x4, [x9, x12, lsl #3]
	add	x9, x9, #4
	ldrb	w5, [x9, w11, sxtw]
	finish
	.balign	8
	.8byte	1, 2
middle:	.8byte	3, 4
