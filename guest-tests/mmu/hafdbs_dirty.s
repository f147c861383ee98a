// TCR_EL1.HD: of a page with DBM, AP[2] says that it is clean. A read leaves it so, whatever writes
// makes it dirty, and once more after software has cleaned it.
	.include "test.inc"
	.include "mmu.inc"
	test	"the first write, by any instruction, clears AP[2] of a page with DBM"
	needs	hafdbs
	expect	x10, 0x80			// read alone
	expect	x11, 0				// STR
	expect	x12, 0				// STP across two pages: the first
	expect	x13, 0				// and the second
	expect	x14, 0				// LDADD
	expect	x15, 0				// STXR
	expect	x16, 0				// STR Q
	expect	x17, 0				// DC ZVA
	expect	x18, 0x80			// DC IVAC: not written
	expect	x19, 0				// cleaned by software and written again
	expect	x21, 0				// what is dirty still has DBM and AF
	begin
	mmu_on
	tcr_set	TCR_HA | TCR_HD
	map	256, page_table + DESC_TABLE
	adrp	x1, page_table
	ldr	x2, =FREE + DESC_PAGE + DESC_RAM + DESC_RO + DESC_DBM
	mov	x3, #16
1:	str	x2, [x1], #8
	add	x2, x2, #0x1000
	sub	x3, x3, #1
	cbnz	x3, 1b
	dsb	ish
	isb
	ldr	x0, =HOLE
	ldr	x4, [x0]
	add	x0, x0, #0x1000			// 1: read, then written
	ldr	x4, [x0]
	str	x4, [x0, #8]
	add	x0, x0, #0x2000			// 2 and 3
	stp	x4, x4, [x0, #-8]
	add	x0, x0, #0x1000			// 4
	ldr	x4, [x0]
	ldadd	x4, x4, [x0]
	add	x0, x0, #0x1000			// 5
2:	ldxr	x4, [x0]
	stxr	w5, x4, [x0]
	cbnz	w5, 2b
	add	x0, x0, #0x1000			// 6
	str	q0, [x0]
	add	x0, x0, #0x1000			// 7
	dc	zva, x0
	add	x0, x0, #0x1000			// 8
	dc	ivac, x0
	ldr	x4, [x0]
	add	x0, x0, #0x1000			// 9
	str	x4, [x0]
	adrp	x1, page_table
	ldr	x2, [x1, #72]
	ldr	x3, =FREE + 0x9000 + DESC_PAGE + DESC_RAM + DESC_DBM
	cmp	x2, x3
	cset	x21, ne
	orr	x2, x2, #0x80
	str	x2, [x1, #72]
	lsr	x2, x0, #12
	dsb	ish
	tlbi	vaae1is, x2
	dsb	ish
	isb
	ldr	x4, [x0]
	strb	w4, [x0]
	.macro	dirty reg:req, page:req
	ldr	\reg, [x1, #(8 * \page)]
	and	\reg, \reg, #0x80
	.endm
	dirty	x10, 0
	dirty	x11, 1
	dirty	x12, 2
	dirty	x13, 3
	dirty	x14, 4
	dirty	x15, 5
	dirty	x16, 6
	dirty	x17, 7
	dirty	x18, 8
	dirty	x19, 9
	finish
