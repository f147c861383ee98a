// EXT takes a window out of two registers, of 16 or of 8 bytes.
	.include "test.inc"
	test	"EXT"
	expect_v	v2, 0x1a19181716151413, 0x1211100f0e0d0c0b
	expect_v	v3, 0, 0x11100f0e0d0c0b0a
	expect_v	v4, 0x0f0e0d0c0b0a0908, 0x0706050403020100
	begin
	ldr	q0, =0x0f0e0d0c0b0a09080706050403020100
	ldr	q1, =0x1f1e1d1c1b1a19181716151413121110
	ext	v2.16b, v0.16b, v1.16b, #11
	ext	v5.16b, v0.16b, v1.16b, #8	// 08 to 17
	ext	v6.16b, v5.16b, v5.16b, #8
	ext	v3.8b, v5.8b, v6.8b, #2
	ext	v4.16b, v0.16b, v1.16b, #0
	finish
