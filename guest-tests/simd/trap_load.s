// The trap comes before anything that is wrong with the address.
	.include "test.inc"
	test	"AdvSIMD access trap comes before a data abort"
	expect_exception	0x07, 0x200
	expect	x1, 0xff0000000000
	begin
	mmu_on
	mov	x1, #0xff0000000000
	msr	cpacr_el1, xzr
	isb
	ld4	{v0.16b-v3.16b}, [x1], #64
	finish	1
