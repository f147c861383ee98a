// There is no vector of one double: Q = 0 with sz = 1 is UNDEFINED.
	.include "test.inc"
	test	"FADD with the reserved 1D arrangement is UNDEFINED"
	expect_exception	0x00, 0x200
	begin
	.inst	0x0e62d420 // FADD V0.1D, V1.1D, V2.1D
	finish	1
