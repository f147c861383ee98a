// ST1 of four registers to a page that is read-only: a permission fault of a write, base unchanged.
	.include "test.inc"
	test	"a structure store that faults keeps the base"
	expect_exception	0x25, 0x200
	expect	esr_el1, 0x9600004f		// permission fault, level 3, WnR
	expect	far_el1, test_begin
	expect	x1, test_begin
	begin
	mmu_on
	adr	x1, test_begin
	ld1	{v0.16b}, [x1]			// may be read
	st1	{v0.16b-v3.16b}, [x1], #64
	finish	1
