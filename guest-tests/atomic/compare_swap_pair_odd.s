	.include "test.inc"
	test	"CASP with an odd register is UNDEFINED"
	expect_exception 0x00, 0x200
	begin
	.inst	0x48217c02
	finish
