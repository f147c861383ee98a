	.include "test.inc"
	test	"MADD and MSUB keep the low half, in both widths"
	expect	x0, 47
	expect	x1, 0xfffffffffffffffb
	expect	x2, 0xfffffffb
	expect	x3, 0xfffffffffffffff4
	begin
	mov	x8, #5
	mov	x9, #6
	mov	x10, #7
	madd	x0, x9, x10, x8
	add	x8, x8, #32
	msub	x1, x9, x10, x8
	msub	w2, w9, w10, w8
	mov	x11, #-2
	mul	x3, x9, x11
	finish
