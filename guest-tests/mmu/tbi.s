	.include "test.inc"
	.include "mmu.inc"
	test	"with TCR_EL1.TBI0 the top byte of a data address is ignored, and FAR keeps it"
	expect_exception	0x25, 0x200
	expect	x1, 0x1234
	expect	far_el1, 0x5a00000060200000
	begin
	mmu_on
	mrs	x2, tcr_el1
	orr	x2, x2, #(1 << 37)
	msr	tcr_el1, x2
	isb
	map	256, FREE + DESC_BLOCK + DESC_RAM
	ldr	x0, =0x5a00000000000000 + HOLE
	mov	x1, #0x1234
	str	x1, [x0]
	mov	x1, #0
	ldr	x1, [x0]
	ldr	x0, =0x5a00000000000000 + HOLE2
	ldr	x2, [x0]
	finish
