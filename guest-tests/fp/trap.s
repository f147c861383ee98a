// CPACR_EL1.FPEN = 0: every FP and AdvSIMD instruction takes the access trap, EC 0x07, and does nothing.
	.include "test.inc"
	test	"FP access trap at EL1"
	expect_exception	0x07, 0x200
	expect	d0, 0x3ff0000000000000
	expect	fpsr, 0
	begin
	fmov	d0, #1.0
	fmov	d1, xzr
	msr	cpacr_el1, xzr
	isb
	fdiv	d0, d0, d1
	finish	1
