	.include "test.inc"
	.include "mmu.inc"
	test	"AT S1E1W finds a page with DBM writable and leaves it clean"
	needs	hafdbs
	expect	x10, 0				// PAR_EL1.F
	expect	x11, 0x80
	expect	x12, 0				// a store makes it dirty
	begin
	mmu_on
	tcr_set	TCR_HA | TCR_HD
	map	256, page_table + DESC_TABLE
	adrp	x1, page_table
	ldr	x2, =FREE + DESC_PAGE + DESC_RAM + DESC_RO + DESC_DBM
	str	x2, [x1]
	dsb	ish
	isb
	ldr	x0, =HOLE
	ldr	x4, [x0]
	at	s1e1w, x0
	isb
	mrs	x10, par_el1
	and	x10, x10, #1
	ldr	x11, [x1]
	and	x11, x11, #0x80
	str	x4, [x0]
	ldr	x12, [x1]
	and	x12, x12, #0x80
	finish
