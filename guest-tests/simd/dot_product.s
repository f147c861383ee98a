// FEAT_DotProd: four products of bytes, summed in 32 bits and added to each word.
	.include "test.inc"
	test	"SDOT and UDOT, by vector and by element, add four products to each word"
	needs	dotprod
	// Words 3 to 0: 1 + 0, 1 + 4*128*128, 1 + (1*5 + 2*6 + 3*7 + 4*8), 1 + 4*255*255
	expect	v10, 0x0000000100010001000000470003f805
	// The same bytes with signs: 1 + 4*-128*-128; 1 + 4*-1*-1
	expect	v11, 0x00000001000100010000004700000005
	// Times the element 5, 6, 7, 8, half a vector: 1 + 70, 1 + 255*26
	expect	v12, 0x000000000000000000000047000019e7
	// Signed, all four words
	expect	v13, 0x00000001fffff30100000047ffffffe7
	begin
	adr	x0, data
	ldp	q0, q1, [x0]
	movi	v10.4s, #1
	mov	v11.16b, v10.16b
	mov	v12.16b, v10.16b
	mov	v13.16b, v10.16b
	udot	v10.4s, v0.16b, v1.16b
	sdot	v11.4s, v0.16b, v1.16b
	udot	v12.2s, v0.8b, v1.4b[1]
	sdot	v13.4s, v0.16b, v1.4b[1]
	finish
	.balign	16
data:	.byte	255, 255, 255, 255, 1, 2, 3, 4, 128, 128, 128, 128, 0, 0, 0, 0
	.byte	255, 255, 255, 255, 5, 6, 7, 8, 128, 128, 128, 128, 9, 9, 9, 9
