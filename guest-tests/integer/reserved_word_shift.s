	.include "test.inc"
	test	"A 32-bit operand shifted by 32 is UNDEFINED"
	expect_exception 0x00, 0x200
	begin
	.inst	0x0a028020
	finish
