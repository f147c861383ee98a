	.include "test.inc"
	test	"An access with writeback that faults leaves base and target as they were, and can be restarted"
	expect	x0, 0x60000000 - 8
	expect	x1, 99
	expect	x2, 4
	handler 0x200, on_fault
	begin
	mmu_on
	ldr	x0, =0x60000000 - 8
	mov	x1, #99
	mov	x2, #0
	ldr	x1, [x0, #8]!
	str	x1, [x0, #16]!
	add	x0, x0, #8
	ldrb	w1, [x0], #1
	str	x1, [x0], #8
	sub	x0, x0, #8
	finish
on_fault:
	add	x2, x2, #1
	mrs	x3, elr_el1
	add	x3, x3, #4
	msr	elr_el1, x3
	eret
