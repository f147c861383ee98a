	.include "test.inc"
	.include "mmu.inc"
	test	"TLBI of one address drops the whole block"
	expect	x1, 0
	expect	x2, 2
	begin
	mmu_on
	ldr	x0, =FREE2 + 0x100000
	mov	x1, #2
	str	x1, [x0]
	map	256, FREE + DESC_BLOCK + DESC_RAM
	ldr	x0, =HOLE + 0x100000
	ldr	x1, [x0]
	map	256, 0
	ldr	x3, =HOLE >> 12
	tlbi	vaae1, x3
	dsb	ish
	map	256, FREE2 + DESC_BLOCK + DESC_RAM
	ldr	x2, [x0]
	finish
