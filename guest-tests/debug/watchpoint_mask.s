// DBGWCR.MASK: 2^n bytes, here two pages. And every kind of access in them is seen.
	.include "test.inc"
	.include "debug.inc"
	test	"a watchpoint with a mask watches 8 KiB against every kind of access"
	handler	0x200, taken
	expect	x10, 16
	expect	x11, 0x1000			// the sum of their memory, and of what follows: unchanged
	begin
	mmu_on
	ldr	x2, =0x40402000
	mov	x1, #0x1000
	add	x3, x2, #0x2000
	str	x1, [x3]			// the first that is not watched
	debug_on MDSCR_MDE + MDSCR_KDE
	watchpoint 0, 0x40402000, WP_EL1 + WP_STORE + WP_DOUBLEWORD + (13 << WP_MASK)
	mov	x0, #0
	mov	x1, #-1
	str	x1, [x2]			// 1
	strb	w1, [x3, #-1]			// 2
	stp	x1, x1, [x2, #16]		// 3
	stp	x1, x1, [x3, #-8]		// 4: the first of them
	str	q0, [x2, #4080]			// 5
	st1	{v0.16b - v3.16b}, [x2]		// 6
2:	mov	w5, #0
	ldxr	x4, [x2]
	stxr	w5, x1, [x2]			// 7
	cbnz	w5, 2b				// something else took the reservation
	ldadd	x1, x4, [x2]			// 8
	mov	x4, #0
	cas	x4, x1, [x2]			// 9
	swp	x1, x4, [x2]			// 10
	dc	zva, x2				// 11
	stlr	x1, [x2]			// 12
	str	xzr, [x2, #8]			// 13
	stur	x1, [x2, #-4]			// 14: from the page below
	stur	x1, [x3, #-4]			// 15: into the page above
	stp	q0, q1, [x2, #-16]		// 16: the second of them
	mov	x10, x0
	msr	dbgwcr0_el1, xzr
	isb
	mov	x11, #0
	str	xzr, [x2, #8]
1:	ldr	x4, [x2], #8
	add	x11, x11, x4
	cmp	x2, x3
	b.ls	1b
	finish

taken:	add	x0, x0, #1
	mrs	x20, elr_el1
	add	x20, x20, #4
	msr	elr_el1, x20
	eret
