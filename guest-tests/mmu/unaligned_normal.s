	.include "test.inc"
	.include "mmu.inc"
	test	"unaligned accesses to Normal memory work, across pages too"
	expect	x1, 0x8877665544332211
	expect	x2, 0x44332211
	expect	x3, 0x88776655
	expect	x4, 0x6655
	begin
	mmu_on
	adrp	x0, scratch_page
	add	x0, x0, #0xffc
	ldr	x1, =0x8877665544332211
	str	x1, [x0]
	ldr	w2, [x0]
	ldr	w3, [x0, #4]
	ldr	x1, [x0]
	add	x0, x0, #1
	stur	x1, [x0, #2]
	ldur	x1, [x0, #2]
	ldurh	w4, [x0, #6]
	finish
