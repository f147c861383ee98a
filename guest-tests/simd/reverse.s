// REV16, REV32 and REV64 turn bytes round, RBIT bits: together they mirror the whole register.
	.include "test.inc"
	test	"REV and RBIT"
	expect_v	v1, 0x8000000000000000, 0x000000000000000d
	expect_v	v2, 0, 0xefcdab8967452301
	expect_v	v3, 0, 0x67452301efcdab89
	expect_v	v4, 0, 0x23016745ab89efcd
	begin
	ldr	q0, =0xb0000000000000000000000000000001
	rbit	v1.16b, v0.16b
	rev64	v1.16b, v1.16b
	ext	v1.16b, v1.16b, v1.16b, #8
	ldr	d5, =0x0123456789abcdef
	rev64	v2.8b, v5.8b
	rev32	v3.8b, v5.8b
	rev16	v4.8b, v5.8b
	finish
