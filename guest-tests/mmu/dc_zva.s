	.include "test.inc"
	.include "mmu.inc"
	test	"DC ZVA zeroes the 64 bytes around its address"
	expect	x1, 0x1111111111111111
	expect	x2, 0
	expect	x3, 0
	expect	x4, 0x1111111111111111
	begin
	mmu_on
	adrp	x0, scratch_page
	ldr	x1, =0x1111111111111111
	mov	x2, #0
1:
	str	x1, [x0, x2]
	add	x2, x2, #8
	cmp	x2, #192
	b.ne	1b
	add	x5, x0, #77
	dc	zva, x5
	ldr	x1, [x0, #56]
	ldr	x2, [x0, #64]
	ldr	x3, [x0, #120]
	ldr	x4, [x0, #128]
	finish
