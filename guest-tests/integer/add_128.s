	.include "test.inc"
	test	"ADDS and ADCS add 128-bit numbers"
	expect	x0, 0
	expect	x1, 0x8000000000000000
	expect	nzcv, 0b1001
	begin
	mov	x2, #-1
	mov	x3, #0x7fffffffffffffff
	mov	x4, #1
	adds	x0, x2, x4
	adcs	x1, x3, xzr
	finish
