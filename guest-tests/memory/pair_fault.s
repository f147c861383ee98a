	.include "test.inc"
	test	"A pair whose second half faults changes no register; FAR is the second half"
	engines	interp, jit		// UNKNOWN by the architecture
	expect	x0, 1
	expect	x1, 2
	expect	x2, 0x60000000 - 8
	expect	x3, 0x60000000
	expect	v4, 4
	expect	v5, 5
	expect	x6, 0x60000000
	memory	512 << 20
	handler 0x200, on_fault
	begin
	mmu_on
	mov	x0, #1
	mov	x1, #2
	mov	x7, #4
	fmov	d4, x7
	mov	x7, #5
	fmov	d5, x7
	ldr	x2, =0x60000000 - 8
	ldp	x0, x1, [x2], #16
	mov	x3, x8
	ldp	q4, q5, [x2, #-16]!
	mov	x6, x8
	finish
on_fault:
	mrs	x8, far_el1
	mrs	x9, elr_el1
	add	x9, x9, #4
	msr	elr_el1, x9
	eret
