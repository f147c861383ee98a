	.include "test.inc"
	test	"CLZ and CLS at their edges"
	expect	x0, 64
	expect	x1, 32
	expect	x2, 0
	expect	x3, 63
	expect	x4, 31
	expect	x5, 0
	expect	x6, 7
	begin
	mov	x9, #-1
	mov	x10, #0x4000000000000000
	mov	w11, #0x00800000
	clz	x0, xzr
	clz	w1, wzr
	clz	x2, x9
	cls	x3, x9
	cls	w4, wzr
	cls	x5, x10
	cls	w6, w11
	finish
