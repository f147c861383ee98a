	.include "test.inc"
	test	"A load of a B, H, S or D register clears the rest of the vector"
	expect	v0, 0x01
	expect	v1, 0x0201
	expect	v2, 0x04030201
	expect	v3, 0x0807060504030201
	expect	v4, 0x100f0e0d0c0b0a090807060504030201
	begin
	adr	x9, data
	movi	v0.16b, #0xff
	movi	v1.16b, #0xff
	movi	v2.16b, #0xff
	movi	v3.16b, #0xff
	ldr	b0, [x9]
	ldr	h1, [x9]
	ldr	s2, [x9]
	ldr	d3, [x9]
	ldr	q4, [x9]
	finish
	.balign	16
data:	.byte	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
