	.include "test.inc"
	test	"Prefetches of addresses that are not mapped do nothing"
	expect	x0, 0x60000000
	begin
	mmu_on
	mov	x0, #0x60000000
	prfm	pldl1keep, [x0]
	prfm	pstl1strm, [x0, #32760]
	prfum	pldl3keep, [x0, #-1]
	prfm	plil1keep, [x0, x0, lsl #3]
	prfm	pldl2keep, 1f
1:	finish
