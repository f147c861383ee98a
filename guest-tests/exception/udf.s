	.include "test.inc"
	test	"UDF is UNDEFINED"
	expect_exception	0, 0x200
	expect	esr_el1, 0x02000000
	expect	elr_el1, at
	begin
at:
	udf	#0
	finish	1
