	.include "test.inc"
	.include "mmu.inc"
	test	"AT S1E1R gives the physical address and attributes in PAR_EL1"
	expect	x1, 0xff00000040423000
	expect	x2, 0
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM
	ldr	x0, =HOLE + 0x23456
	at	s1e1r, x0
	isb
	mrs	x3, par_el1
	// PA and ATTR; F. (NS and bit 11 are not looked at.)
	ldr	x4, =0xff00fffffffff000
	and	x1, x3, x4
	and	x2, x3, #1
	finish
