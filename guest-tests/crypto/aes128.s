// AES-128, the example of FIPS 197, appendix C.1, there and back. Round keys are made with AESE, whose
// ShiftRows has no effect on a word that stands in all columns.
	.include "test.inc"
	test	"AES-128 of FIPS 197"
	needs	aes
	expect_v	v0, 0x5ac5b47080b7cdd8, 0x30047b6ad8e0c469
	expect_v	v20, 0xffeeddccbbaa9988, 0x7766554433221100
	expect	x0, 11
	begin
	adrp	x1, keys
	add	x1, x1, :lo12:keys
	adr	x2, key
	ld1	{v1.16b}, [x2]
	ld1	{v0.16b}, [x2]			// the plaintext is behind the key
	add	x2, x2, #16
	ld1	{v0.16b}, [x2]
	st1	{v1.16b}, [x1]

	// KeyExpansion: w4 is the last word, w5 the round constant.
	mov	x0, #1
	mov	w5, #1
1:	umov	w4, v1.s[3]
	movi	v3.2d, #0
	dup	v2.4s, w4
	aese	v2.16b, v3.16b
	umov	w4, v2.s[0]
	ror	w4, w4, #8
	eor	w4, w4, w5
	lsl	w5, w5, #1
	tbz	w5, #8, 2f
	mov	w6, #0x11b
	eor	w5, w5, w6
2:	dup	v2.4s, w4
	eor	v2.16b, v2.16b, v1.16b		// each word with all before it
	ext	v4.16b, v3.16b, v1.16b, #12
	eor	v2.16b, v2.16b, v4.16b
	ext	v4.16b, v3.16b, v1.16b, #8
	eor	v2.16b, v2.16b, v4.16b
	ext	v4.16b, v3.16b, v1.16b, #4
	eor	v1.16b, v2.16b, v4.16b
	lsl	x6, x0, #4
	add	x6, x6, x1
	st1	{v1.16b}, [x6]
	add	x0, x0, #1
	cmp	x0, #11
	b.ne	1b

	mov	x2, x1				// encrypt
	mov	x3, #9
3:	ld1	{v1.16b}, [x2], #16
	aese	v0.16b, v1.16b
	aesmc	v0.16b, v0.16b
	subs	x3, x3, #1
	b.ne	3b
	ld1	{v1.16b, v2.16b}, [x2]
	aese	v0.16b, v1.16b
	eor	v0.16b, v0.16b, v2.16b

	mov	v20.16b, v0.16b			// decrypt
	add	x2, x1, #160
	ld1	{v1.16b}, [x2]
	aesd	v20.16b, v1.16b
	mov	x3, #9
4:	sub	x2, x2, #16
	ld1	{v1.16b}, [x2]
	aesimc	v20.16b, v20.16b
	aesimc	v1.16b, v1.16b
	aesd	v20.16b, v1.16b
	subs	x3, x3, #1
	b.ne	4b
	ld1	{v1.16b}, [x1]
	eor	v20.16b, v20.16b, v1.16b
	finish

	.section .rodata
	.balign	16
key:	.octa	0x0f0e0d0c0b0a09080706050403020100
	.octa	0xffeeddccbbaa99887766554433221100
	.bss
	.balign	16
keys:	.skip	11 * 16
