// FCVTZS to a W register has at most 32 fraction bits: a scale below 32 is UNDEFINED.
	.include "test.inc"
	test	"a fixed-point conversion of W with more than 32 fraction bits is UNDEFINED"
	expect_exception	0x00, 0x200
	begin
	.inst	0x1e187c00 // FCVTZS W0, S0 with scale 31
	finish	1
