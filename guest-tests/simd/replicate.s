// LD1R to LD4R fill registers with one element each.
	.include "test.inc"
	test	"load and replicate"
	expect_v	v0, 0, 0x4444444444444444
	expect_v	v6, 0x1111111111111111, 0x1111111111111111
	expect_v	v1, 0, 0x2211221122112211
	expect_v	v2, 0, 0x4433443344334433
	expect_v	v3, 0x4433221144332211, 0x4433221144332211
	expect_v	v5, 0xccbbaa9988776655, 0xccbbaa9988776655
	expect_v	v29, 0, 0x1111111111111111
	expect	x1, 12
	begin
	mmu_on				// unaligned addresses
	movi	v0.16b, #0xff
	mov	v1.16b, v0.16b
	mov	v2.16b, v0.16b
	mov	v29.16b, v0.16b
	adr	x10, bytes
	ld1r	{v6.16b}, [x10]
	ld2r	{v1.4h, v2.4h}, [x10]
	mov	x1, x10
	ld3r	{v3.4s, v4.4s, v5.4s}, [x1], #12
	sub	x1, x1, x10
	add	x11, x10, #4
	ld1r	{v5.2d}, [x11]
	ld4r	{v29.8b, v30.8b, v31.8b, v0.8b}, [x10]
	finish

	.section .rodata
bytes:	.byte	0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc
