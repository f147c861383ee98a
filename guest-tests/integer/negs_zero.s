	.include "test.inc"
	test	"NEGS of zero gives zero with carry"
	expect	x0, 0
	expect	nzcv, 0b0110
	begin
	negs	x0, xzr
	finish
