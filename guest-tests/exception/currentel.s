	.include "test.inc"
	test	"CurrentEL and DAIF tell the state"
	expect	x0, 4
	expect	x1, 0x3c0
	begin
	mrs	x0, currentel
	mrs	x1, daif
	finish
