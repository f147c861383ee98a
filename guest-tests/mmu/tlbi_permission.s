	.include "test.inc"
	.include "mmu.inc"
	test	"taking write permission away takes effect with TLBI"
	expect_exception	0x25, 0x200
	expect	esr_el1, DABORT_EL1 + WNR + 0x0e
	expect	x4, 1
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM
	ldr	x0, =HOLE
	str	x1, [x0]
	mov	x4, #1
	map	256, 0
	tlbi	vmalle1
	dsb	ish
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_RO
	str	x1, [x0]
	finish
