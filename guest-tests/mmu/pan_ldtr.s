	.include "test.inc"
	.include "mmu.inc"
	test	"PSTATE.PAN does not concern LDTR and STTR"
	needs	pan
	expect	x1, 9
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_EL0
	ldr	x0, =HOLE
	.arch	armv8.2-a
	msr	pan, #1
	mov	x2, #9
	sttr	x2, [x0]
	ldtr	x1, [x0]
	msr	pan, #0
	finish
