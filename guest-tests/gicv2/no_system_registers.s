	.include "test.inc"
	test	"With a GICv2 there is no ICC_SRE_EL1"
	gic	2
	expect_exception 0, 0x200
	begin
	mrs	x0, icc_sre_el1
	finish
