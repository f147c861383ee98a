	.include "test.inc"
	test	"a system register that does not exist is UNDEFINED"
	expect_exception	0, 0x200
	begin
	mrs	x0, s3_0_c15_c7_3
	finish	1
