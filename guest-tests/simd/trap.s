// CPACR_EL1.FPEN = 0: an AdvSIMD instruction takes the access trap, EC 0x07, and does nothing.
	.include "test.inc"
	test	"AdvSIMD access trap at EL1"
	expect_exception	0x07, 0x200
	expect_v	v0, 0, 1
	begin
	movi	v0.2d, #0
	mov	x1, #1
	ins	v0.d[0], x1
	msr	cpacr_el1, xzr
	isb
	add	v0.2d, v0.2d, v0.2d
	finish	1
