	.include "test.inc"
	test	"SUBS sets V when the most negative number is decremented"
	expect	x0, 0x7fffffffffffffff
	expect	nzcv, 0b0011
	begin
	mov	x1, #0x8000000000000000
	subs	x0, x1, #1
	finish
