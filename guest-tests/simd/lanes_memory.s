// Loads and stores of single lanes leave all other lanes, and advance by what they transfer.
	.include "test.inc"
	test	"single structures"
	expect_v	v0, 0x11ffffffffffffff, 0xffffffffffffffff
	expect_v	v1, 0x3322ffffffffffff, 0xffffffffffffffff
	expect_v	v2, 0x5544ffffffffffff, 0xffffffffffffffff
	expect_v	v3, 0xffffffffffffffff, 0x99887766ffffffff
	expect_v	v5, 0x8877665544332211, 0xffffffffffffffff
	expect	x1, 9
	expect	x2, 0x99887766
	expect	x3, 0x100
	begin
	mmu_on				// unaligned addresses
	movi	v0.16b, #0xff
	mov	v1.16b, v0.16b
	mov	v2.16b, v0.16b
	mov	v3.16b, v0.16b
	mov	v5.16b, v0.16b
	adr	x10, bytes
	mov	x1, x10
	ld1	{v0.b}[15], [x1], #1
	ld2	{v1.h, v2.h}[7], [x1], #4
	ld1	{v3.s}[1], [x1], #4
	sub	x1, x1, x10
	ld1	{v5.d}[1], [x10]
	movz	x4, #0x4100, lsl #16
	mov	x5, x4
	mov	x6, #0x100
	st1	{v3.s}[1], [x4], x6
	ldr	w2, [x5]
	sub	x3, x4, x5
	finish

	.section .rodata
bytes:	.byte	0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99
