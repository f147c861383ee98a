	.include "test.inc"
	.include "mmu.inc"
	test	"AT reports the fault status and takes no exception"
	expect	x1, 0x0d
	expect	x2, 0x1d
	expect	x3, 0
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_RO
	ldr	x0, =HOLE2
	at	s1e1r, x0
	isb
	mrs	x1, par_el1
	and	x1, x1, #0x7f
	ldr	x0, =HOLE
	at	s1e1w, x0
	isb
	mrs	x2, par_el1
	and	x2, x2, #0x7f
	at	s1e1r, x0
	isb
	mrs	x3, par_el1
	and	x3, x3, #0x7f
	at	s1e0r, x0
	isb
	mrs	x4, par_el1
	tbnz	x4, #0, 1f
	finish	1
1:
	finish
