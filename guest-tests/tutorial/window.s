// Chapter 10: two virtual addresses for one word. A page at 0x6000_0000 is mapped to scratch_page by
// writing one block descriptor of level 2 (2 MiB): what is stored through one address is read
// through the other, and before the mapping is there the load faults with a translation fault.
	.include "test.inc"
	test	"one page, two addresses"
	expect	x4, 0x06			// DFSC: translation fault, level 2
	expect	x5, 42
	handler	0x200, on_fault
	.set	WINDOW, 0x60000000
	begin
	mmu_on
	ldr	x20, =WINDOW
	ldr	x1, [x20]			// not mapped: on_fault returns behind this
	mov	x4, x21
	ldr	x0, =scratch_page
	mov	w1, #42
	str	x1, [x0]
	and	x2, x0, #0x1fffff		// offset in the block
	add	x20, x20, x2
	ldr	x5, [x20]
	finish

on_fault:
	mrs	x21, esr_el1
	and	x21, x21, #0x3f
	ldr	x0, =RAM
	ldr	x1, =MMU_DATA_BLOCK
	orr	x1, x1, x0
	adrp	x2, mmu_l2
	add	x2, x2, #(256 * 8)		// entry of 0x6000_0000
	str	x1, [x2]
	dsb	ish
	isb
	mrs	x0, elr_el1
	add	x0, x0, #4
	msr	elr_el1, x0
	eret
