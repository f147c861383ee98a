	.include "test.inc"
	test	"ADD with ROR is UNDEFINED"
	expect_exception 0x00, 0x200
	begin
	.inst	0x8bc20c20
	finish
