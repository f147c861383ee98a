	.include "test.inc"
	.include "mmu.inc"
	test	"two address spaces differ by ASID alone, without any TLBI"
	expect	x1, 1
	expect	x2, 2
	expect	x3, 1
	begin
	mmu_on
	ldr	x0, =FREE
	mov	x1, #1
	str	x1, [x0]
	ldr	x0, =FREE2
	mov	x1, #2
	str	x1, [x0]
	// ASID 0 and ASID 1 share the level 1 table; only the block at HOLE is swapped between them.
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_NG
	ldr	x0, =HOLE
	ldr	x1, [x0]
	mrs	x4, ttbr0_el1
	mov	x5, #(1 << 48)
	orr	x5, x4, x5
	msr	ttbr0_el1, x5
	isb
	map	256, FREE2 + DESC_BLOCK + DESC_RAM + DESC_NG
	ldr	x2, [x0]
	// What ASID 0 has cached may still be used: put the table back and look.
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_NG
	msr	ttbr0_el1, x4
	isb
	ldr	x3, [x0]
	finish
