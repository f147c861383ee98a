	.include "test.inc"
	.include "mmu.inc"
	test	"after TLBI VAE1 the new mapping is seen"
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
	map	256, FREE + DESC_BLOCK + DESC_RAM
	ldr	x0, =HOLE
	ldr	x1, [x0]
	map	256, 0
	lsr	x3, x0, #12
	tlbi	vae1, x3
	dsb	ish
	map	256, FREE2 + DESC_BLOCK + DESC_RAM
	ldr	x2, [x0]
	finish
