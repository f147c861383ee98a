	.include "test.inc"
	test	"SIMD&FP registers with writeback, register offsets and unscaled offsets"
	expect	v0, 0x00112233445566778899aabbccddeeff
	expect	v1, 0x8899aabbccddeeff
	expect	v2, 0xccddeeff
	expect	v3, 0xff
	expect	v4, 0x0011223344556677
	expect	x9, data + 16
	expect	x10, data
	begin
	adr	x9, data
	mov	x11, #1
	ldr	q0, [x9], #16
	add	x10, x9, #8
	ldr	d1, [x10, #-24]!
	ldr	s2, [x10, xzr, lsl #2]
	ldur	b3, [x9, #-16]
	ldr	d4, [x10, w11, uxtw #3]
	finish
	.balign	16
data:	.8byte	0x8899aabbccddeeff, 0x0011223344556677
