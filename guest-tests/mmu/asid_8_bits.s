	.include "test.inc"
	.include "mmu.inc"
	test	"with TCR_EL1.AS 0, TLBI ASIDE1 looks at the low 8 bits of an ASID alone"
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
	movk	x4, #0x1205, lsl #48
	msr	ttbr0_el1, x4
	isb
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_NG
	ldr	x0, =HOLE
	ldr	x1, [x0]
	map	256, FREE2 + DESC_BLOCK + DESC_RAM + DESC_NG
	mov	x5, #(0x3405 << 48)
	tlbi	aside1, x5
	dsb	ish
	isb
	ldr	x2, [x0]
	finish
