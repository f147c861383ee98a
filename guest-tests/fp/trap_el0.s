// CPACR_EL1.FPEN = 1 traps EL0 alone.
	.include "test.inc"
	test	"FPEN = 1: EL1 may compute, EL0 takes the trap to EL1"
	expect_exception	0x07, 0x400
	expect	s0, 0x40000000
	begin
	mov	x0, #(1 << 20)
	msr	cpacr_el1, x0
	isb
	fmov	s0, #1.0
	fadd	s0, s0, s0
	enter_el0	user
user:
	fadd	v0.4s, v0.4s, v0.4s
	finish	1
