	.include "test.inc"
	test	"Logical immediates: elements of each size, rotated"
	expect	x0, 0x5555555555555555
	expect	x1, 0x8888888888888888
	expect	x2, 0x3c3c3c3c3c3c3c3c
	expect	x3, 0xff01ff01ff01ff01
	expect	x4, 0xfffe7ffffffe7fff
	expect	x5, 0x8000000000000001
	expect	x6, 0xf000000f
	begin
	mov	x0, #0x5555555555555555
	mov	x1, #0x8888888888888888
	mov	x2, #0x3c3c3c3c3c3c3c3c
	mov	x3, #0xff01ff01ff01ff01
	mov	x4, #0xfffe7ffffffe7fff
	mov	x5, #0x8000000000000001
	mov	w6, #0xf000000f
	finish
