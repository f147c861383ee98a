	.include "test.inc"
	test	"LDP and STP, with offset, pre- and post-indexed, both widths"
	expect	x0, 0x1111
	expect	x1, 0x2222
	expect	x2, 0x33333333
	expect	x3, 0x44444444
	expect	x4, 0
	expect	x5, 0x2222
	expect	x6, 0x1111
	begin
	mov	x20, sp
	mov	x9, #0x1111
	mov	x10, #0x2222
	mov	w11, #0x33333333
	mov	w12, #0x44444444
	stp	x9, x10, [sp, #-32]!
	stp	w11, w12, [sp, #24]
	ldp	w2, w3, [sp, #24]
	stp	x10, x9, [sp, #16]
	ldp	x5, x6, [sp, #16]
	ldp	x0, x1, [sp], #32
	mov	x9, sp
	sub	x4, x20, x9
	finish
