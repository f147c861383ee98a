	.include "test.inc"
	test	"SUBS and SBCS compare 128-bit numbers"
	expect	x0, 0xffffffffffffffff
	expect	x1, 0
	expect	nzcv, 0b0110
	begin
	mov	x2, #0
	mov	x3, #5
	mov	x4, #1
	mov	x5, #4
	subs	x0, x2, x4
	sbcs	x1, x3, x5
	finish
