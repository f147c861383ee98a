	.include "test.inc"
	test	"A logical immediate of all ones is UNDEFINED"
	expect_exception 0x00, 0x200
	begin
	.inst	0x9240fc00
	finish
