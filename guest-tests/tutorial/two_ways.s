// Chapter 12: an oracle that fits into the guest. UMULH gives the upper half of a product; schoolbook
// multiplication by halves, with nothing but 32-bit products and additions, gives it too. A thousand
// pairs of numbers from xorshift64 (Marsaglia, 2003), the same in each run.
	.include "test.inc"
	test	"UMULH agrees with schoolbook multiplication a thousand times"
	expect	x28, 0
	.macro	random into:req
	eor	x20, x20, x20, lsl #13
	eor	x20, x20, x20, lsr #7
	eor	x20, x20, x20, lsl #17
	mov	\into, x20
	.endm
	begin
	ldr	x20, =0x2545f4914f6cdd1d
	mov	x28, #1000
next:	random	x0
	random	x1
	umulh	x2, x0, x1
	lsr	x3, x0, #32			// x0 = x3:w0, x1 = x4:w1
	lsr	x4, x1, #32
	umull	x5, w0, w1			// low * low
	umull	x6, w3, w1			// high * low
	umull	x7, w0, w4			// low * high
	umull	x8, w3, w4			// high * high
	lsr	x5, x5, #32
	add	x5, x5, w6, uxtw
	add	x5, x5, w7, uxtw
	lsr	x5, x5, #32			// what the middle carries
	add	x8, x8, x5
	add	x8, x8, x6, lsr #32
	add	x8, x8, x7, lsr #32
	cmp	x2, x8
	fail_if	ne, 1				// x0, x1: the pair
	subs	x28, x28, #1
	b.ne	next
	finish
