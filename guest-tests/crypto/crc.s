// A CRC-32 by PMULL (Barrett's reduction, bits mirrored) agrees with CRC32X.
	.include "test.inc"
	test	"CRC-32 by PMULL"
	needs	pmull crc32
	expect	x0, 0				// the difference
	begin
	ldr	x1, =0x0123456789abcdef
	crc32x	w2, wzr, x1
	// The remainder of x1 * x^32 modulo P: mu = floor(x^64 / P) in bits from 1 on, mirrored.
	ldr	x3, =0x01db710641		// P mirrored, 33 bits
	ldr	x4, =0x01f7011641		// mu mirrored, 33 bits
	fmov	d3, x3
	fmov	d4, x4
	mov	w5, w1				// the first word
	fmov	d0, x5
	pmull	v1.1q, v0.1d, v4.1d
	fmov	x6, d1
	mov	w6, w6
	fmov	d1, x6
	pmull	v1.1q, v1.1d, v3.1d
	fmov	x6, d1
	lsr	x6, x6, #32			// its remainder goes into the second
	eor	x5, x6, x1, lsr #32
	fmov	d0, x5
	pmull	v1.1q, v0.1d, v4.1d
	fmov	x6, d1
	mov	w6, w6
	fmov	d1, x6
	pmull	v1.1q, v1.1d, v3.1d
	fmov	x6, d1
	lsr	x6, x6, #32
	eor	x0, x6, x2
	finish
