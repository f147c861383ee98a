	.include "test.inc"
	.include "mmu.inc"
	test	"TLBI ASIDE1 drops the non-global entries of its ASID"
	expect	x1, 1
	expect	x2, 2
	begin
	mmu_on
	ldr	x0, =FREE
	mov	x1, #1
	str	x1, [x0]
	ldr	x0, =FREE2
	mov	x1, #2
	str	x1, [x0]
	mrs	x4, ttbr0_el1
	mov	x5, #(3 << 48)
	orr	x4, x4, x5
	msr	ttbr0_el1, x4
	isb
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_NG
	ldr	x0, =HOLE
	ldr	x1, [x0]
	map	256, 0
	tlbi	aside1, x5
	dsb	ish
	map	256, FREE2 + DESC_BLOCK + DESC_RAM + DESC_NG
	ldr	x2, [x0]
	finish
