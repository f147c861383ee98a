	.include "test.inc"
	test	"An unaligned access to Device memory is an alignment fault"
	expect	x0, 0x96000021
	expect	x1, RAM + 0x100001
	expect	x2, 77
	handler 0x200, on_fault
	begin
	ldr	x9, =RAM + 0x100001
	mov	x2, #77
	ldr	x2, [x9]
	finish	1
on_fault:
	mrs	x0, esr_el1
	mrs	x1, far_el1
	finish
