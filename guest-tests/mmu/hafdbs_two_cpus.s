// The updates are atomic: while one CPU writes through 512 pages, the other sets a software bit in
// each of their descriptors. Neither may lose what the other did.
	.include "test.inc"
	.include "mmu.inc"
	test	"marking pages dirty loses no update of the descriptors by another CPU"
	needs	hafdbs, lse
	cpus	2
	expect	x0, 0
	begin
	mmu_on
	tcr_set	TCR_HA | TCR_HD
	mov	x10, #20			// rounds
	adrp	x9, scratch_page
	map	256, page_table + DESC_TABLE
	bl	fill
	start_cpu	1, other
1:	add	x4, x9, #4
	ldr	w5, [x9]
	add	w5, w5, #1
	wait_word	x4, w5			// CPU 1 is ready for this round
	stlr	w5, [x9]
	ldr	x0, =HOLE
	mov	x1, #512
2:	str	x0, [x0]
	add	x0, x0, #0x1000
	sub	x1, x1, #1
	cbnz	x1, 2b
	add	x4, x9, #8
	wait_word	x4, w5			// and done
	adrp	x1, page_table
	ldr	x2, =FREE + DESC_PAGE + DESC_RAM + DESC_DBM + (1 << 55)
	mov	x0, #0
	mov	x3, #512
3:	ldr	x4, [x1], #8
	cmp	x4, x2
	cinc	x0, x0, ne
	add	x2, x2, #0x1000
	sub	x3, x3, #1
	cbnz	x3, 3b
	cbnz	x0, 4f
	bl	fill
	tlbi	vmalle1is
	dsb	ish
	isb
	sub	x10, x10, #1
	cbnz	x10, 1b
4:	finish

fill:	adrp	x1, page_table
	ldr	x2, =FREE + DESC_PAGE + DESC_NORMAL + DESC_SH + DESC_RO + DESC_DBM
	mov	x3, #512
5:	str	x2, [x1], #8
	add	x2, x2, #0x1000
	sub	x3, x3, #1
	cbnz	x3, 5b
	dsb	ish
	ret

other:	mmu_on
	adrp	x9, scratch_page
	mov	w10, #0
	mov	x2, #(1 << 55)
6:	add	w10, w10, #1
	add	x4, x9, #4
	stlr	w10, [x4]
	wait_word	x9, w10
	adrp	x1, page_table
	mov	x3, #512
7:	ldset	x2, x5, [x1]
	add	x1, x1, #8
	sub	x3, x3, #1
	cbnz	x3, 7b
	add	x4, x9, #8
	stlr	w10, [x4]
	b	6b
