	.include "test.inc"
	test	"RBIT, REV, REV16 and REV32"
	expect	x0, 0xf7b3d591e6a2c480
	expect	x1, 0xefcdab8967452301
	expect	x2, 0x23016745ab89efcd
	expect	x3, 0x67452301efcdab89
	expect	x4, 0xefcdab89
	expect	x5, 0xab89efcd
	expect	x6, 0xf7b3d591
	begin
	ldr	x9, =0x0123456789abcdef
	rbit	x0, x9
	rev	x1, x9
	rev16	x2, x9
	rev32	x3, x9
	rev	w4, w9
	rev16	w5, w9
	rbit	w6, w9
	finish
