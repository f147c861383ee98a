// The quarter round of ChaCha20, its rotations made of SHL, SRI, REV32 and TBL. The numbers are those
// of RFC 8439, section 2.1.1.
	.include "test.inc"
	test	"ChaCha20 quarter round"
	expect	x0, 0xea2a92f4
	expect	x1, 0xcb1cf8ce
	expect	x2, 0x4581472e
	expect	x3, 0x5881c4bb
	begin
	ldr	w0, =0x11111111
	ldr	w1, =0x01020304
	ldr	w2, =0x9b8d6f43
	ldr	w3, =0x01234567
	dup	v0.4s, w0
	dup	v1.4s, w1
	dup	v2.4s, w2
	dup	v3.4s, w3
	ldr	q16, =0x0e0d0c0f0a09080b0605040702010003

	add	v0.4s, v0.4s, v1.4s
	eor	v3.16b, v3.16b, v0.16b
	rev32	v3.8h, v3.8h			// rotate by 16
	add	v2.4s, v2.4s, v3.4s
	eor	v4.16b, v1.16b, v2.16b
	shl	v1.4s, v4.4s, #12
	sri	v1.4s, v4.4s, #20
	add	v0.4s, v0.4s, v1.4s
	eor	v3.16b, v3.16b, v0.16b
	tbl	v3.16b, {v3.16b}, v16.16b	// rotate by 8
	add	v2.4s, v2.4s, v3.4s
	eor	v4.16b, v1.16b, v2.16b
	shl	v1.4s, v4.4s, #7
	sri	v1.4s, v4.4s, #25

	umov	w0, v0.s[3]
	umov	w1, v1.s[2]
	umov	w2, v2.s[1]
	umov	w3, v3.s[0]
	finish
