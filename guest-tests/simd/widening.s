// A product of 128 bits from 32-bit pieces: UMULL, UMLAL2 and the additions between halves.
	.include "test.inc"
	test	"UMULL, UMULL2, UADDW and USHLL"
	expect	x0, 0x0000000000000001		// (2^64 - 1)^2, low
	expect	x1, 0xfffffffffffffffe		// and high
	begin
	movi	v0.16b, #0xff			// digits of 32 bits
	umull	v1.2d, v0.2s, v0.2s		// each fffffffe00000001
	umull2	v2.2d, v0.4s, v0.4s
	// low + (middle << 32) * 2 + (high << 64), in digits
	ushr	d3, d1, #32
	movi	v5.2d, #0x00000000ffffffff
	and	v4.16b, v1.16b, v5.16b
	and	v6.16b, v2.16b, v5.16b
	add	d3, d3, d6			// digit 1: high of low + low of both middles
	add	d3, d3, d6
	ushr	d7, d3, #32			// its carry
	sli	v4.2d, v3.2d, #32
	fmov	x0, d4
	ushr	d6, d2, #32
	add	d7, d7, d6			// digit 2 and 3: highs of the middles, the product
	add	d7, d7, d6
	add	d7, d7, d1
	fmov	x1, d7
	finish
