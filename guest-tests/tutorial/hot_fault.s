// Chapter 11: demand paging under a hot loop. Each store that reaches a new page faults in the middle
// of a block that is translated by then. The handler looks whether it sees the state of that very
// instruction: the base not yet written back, and the flags of the first comparison, which nothing
// in the loop ever reads. Then it maps the page, and the store is executed again.
	.include "test.inc"
	test	"a store in a hot loop that faults has changed nothing, and shows registers and flags as they are"
	expect	x0, WINDOW + 256 * 128		// eight pages, 32 stores in each
	expect	x1, 256
	expect	x5, 8				// faults
	expect	x6, 0				// what was not as it should be, a bit for each
	handler	0x200, on_fault
	.set	WINDOW, 0x60000000
	begin
	mmu_on
	adrp	x7, mmu_l2
	adrp	x8, table
	orr	x9, x8, #3
	str	x9, [x7, #(256 * 8)]		// WINDOW: by pages, none of them valid
	dsb	ish
	isb
	adrp	x7, page
	ldr	x9, =MMU_DATA_PAGE
	orr	x7, x7, x9
	ldr	x0, =WINDOW
loop:	add	x1, x1, #1
	cmp	x1, #129			// C: not in the first four pages
access:	str	x1, [x0], #128
	cmp	x1, #256
	b.ne	loop
	finish

on_fault:
	add	x5, x5, #1
	mrs	x10, elr_el1			// 1: the store itself
	adr	x11, access
	cmp	x10, x11
	cset	x12, ne
	mrs	x10, far_el1			// 2: at its base
	cmp	x10, x0
	cset	x11, ne
	orr	x12, x12, x11, lsl #1
	ldr	x11, =WINDOW - 128		// 4: which is where this round begins
	add	x11, x11, x1, lsl #7
	cmp	x0, x11
	cset	x11, ne
	orr	x12, x12, x11, lsl #2
	cmp	x1, #129			// 8: the flag
	cset	x11, cs
	mrs	x13, spsr_el1
	ubfx	x13, x13, #29, #1
	eor	x11, x11, x13
	orr	x12, x12, x11, lsl #3
	orr	x6, x6, x12
	ubfx	x10, x10, #12, #9
	str	x7, [x8, x10, lsl #3]
	dsb	ish
	isb
	eret

	.section .bss.hot_fault, "aw", %nobits
	.balign	4096
table:	.skip	4096
page:	.skip	4096
	.text
