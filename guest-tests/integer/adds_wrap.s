	.include "test.inc"
	test	"ADDS that wraps to zero sets Z and C, not V"
	expect	x0, 0
	expect	nzcv, 0b0110
	begin
	mov	x0, #-1
	adds	x0, x0, #1
	finish
