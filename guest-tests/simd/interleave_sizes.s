// LD2, LD4 and ST2 with elements of two, four and eight bytes, and both post-indices.
	.include "test.inc"
	test	"structures of each element size"
	expect_v	v16, 0, 0x000c000800040000
	expect_v	v17, 0, 0x000d000900050001
	expect_v	v18, 0, 0x000e000a00060002
	expect_v	v19, 0, 0x000f000b00070003
	expect_v	v20, 3, 1
	expect_v	v21, 4, 2
	expect_v	v4, 0x0007000600030002, 0x0005000400010000
	expect	x1, 0x50
	expect	x2, 0x10
	begin
	adr	x10, halfwords
	mov	x1, x10
	ld4	{v16.4h-v19.4h}, [x1], #32
	mov	x4, #0x30
	ld2	{v20.2d, v21.2d}, [x1], x4
	sub	x1, x1, x10

	movz	x2, #0x4100, lsl #16
	mov	x3, x2
	ld1	{v2.2s, v3.2s}, [x10]
	st2	{v2.2s, v3.2s}, [x2], #16
	sub	x2, x2, x3
	ld1	{v4.4s}, [x3]
	finish

	.section .rodata
	.balign	16
halfwords:
	.hword	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	.quad	1, 2, 3, 4
