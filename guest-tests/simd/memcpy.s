// A copy by LD1 and ST1 of four registers from and to odd addresses, with post-index.
	.include "test.inc"
	test	"LD1 and ST1 of four registers copy a block"
	expect	x0, 0				// bytes that differ
	expect	x1, 0x41000401			// where source
	expect	x2, 0x41100403			// and destination end
	expect	x3, 0				// the byte behind
	begin
	mmu_on
	movz	x1, #0x4100, lsl #16
	mov	x4, #0
1:	mul	x5, x4, x4
	add	x5, x5, #1
	strb	w5, [x1, x4]
	add	x4, x4, #1
	cmp	x4, #0x500
	b.ne	1b

	add	x1, x1, #1
	movz	x2, #0x4110, lsl #16
	add	x2, x2, #3
	mov	x4, #16
2:	ld1	{v0.16b-v3.16b}, [x1], #64
	st1	{v0.16b-v3.16b}, [x2], #64
	subs	x4, x4, #1
	b.ne	2b

	mov	x0, #0
	mov	x4, #1024
	sub	x6, x1, x4
	sub	x7, x2, x4
3:	ldrb	w5, [x6], #1
	ldrb	w8, [x7], #1
	cmp	w5, w8
	cinc	x0, x0, ne
	subs	x4, x4, #1
	b.ne	3b
	ldrb	w3, [x2]
	finish
