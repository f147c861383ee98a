	.include "test.inc"
	test	"LDTR and STTR at EL1 have EL0's permissions: they fault where EL0 may not go"
	expect	x0, 0xff
	expect	x1, 0x9600000e
	expect	x2, 0x9600004e
	expect	x3, 7
	handler 0x200, on_fault
	begin
	mmu_on
	mov	x9, #-1
	adrp	x10, buffer
	sttr	x9, [x10]
	ldtrb	w0, [x10]
	ldr	x10, =RAM + 0x200000
	mov	x3, #7
	str	x3, [x10]
	ldtr	x9, [x10]
	mov	x1, x4
	sttr	x9, [x10]
	mov	x2, x4
	ldr	x3, [x10]
	finish
on_fault:
	mrs	x4, esr_el1
	mrs	x5, elr_el1
	add	x5, x5, #4
	msr	elr_el1, x5
	eret
	.bss
	.balign	4096
buffer:	.skip	64
