	.include "test.inc"
	test	"UHSUB halves differences: of bytes, all 65536 of them, and of halfwords"
	expect	w0, 256
	expect_v v5, 0, 0x0000ffff7fff8000
	expect_v v6, 0xffff0000ffff0000, 0x0000ffff7fff8000
	begin
	mov	w0, #0
1:	mov	w1, #0
2:	dup	v0.16b, w0
	dup	v1.16b, w1
	uhsub	v2.16b, v0.16b, v1.16b
	umov	w3, v2.b[7]
	sub	w4, w0, w1
	ubfx	w4, w4, #1, #8			// the ninth bit is the sign
	cmp	w3, w4
	fail_if	ne, 1				// w0, w1: the pair
	add	w1, w1, #1
	cmp	w1, #256
	b.ne	2b
	add	w0, w0, #1
	cmp	w0, #256
	b.ne	1b
	adr	x9, numbers
	ldp	q3, q4, [x9]
	uhsub	v5.4h, v3.4h, v4.4h
	uhsub	v6.8h, v3.8h, v4.8h
	finish
	.balign	16
numbers:
	.hword	0, 0xffff, 1, 0x8000, 0x1234, 0, 1, 0xfffe
	.hword	0xffff, 0, 2, 0x7fff, 0x1233, 1, 1, 0xffff
