	.include "test.inc"
	test	"SCTLR_EL1.A makes unaligned accesses to Normal memory fault, loads and stores"
	expect	x0, 0x96000021
	expect	x1, 0x96000061
	expect	x2, 4
	handler 0x200, on_fault
	begin
	mmu_on
	mrs	x9, sctlr_el1
	orr	x9, x9, #2
	msr	sctlr_el1, x9
	isb
	adrp	x9, buffer
	mov	x2, #0
	ldr	x10, [x9, #8]
	ldrb	w10, [x9, #1]
	ldp	x10, x11, [x9, #8]
	ldur	w10, [x9, #2]
	mov	x0, x3
	sturh	w10, [x9, #3]
	mov	x1, x3
	ldur	x10, [x9, #4]
	stp	w10, w11, [x9, #4]
	add	x9, x9, #2
	stp	w10, w11, [x9]
	finish
on_fault:
	add	x2, x2, #1
	mrs	x3, esr_el1
	mrs	x4, elr_el1
	add	x4, x4, #4
	msr	elr_el1, x4
	eret
	.bss
	.balign	4096
buffer:	.skip	64
