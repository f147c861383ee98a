// CPACR_EL1.FPEN = 0b01: AdvSIMD works at EL1 and traps at EL0.
	.include "test.inc"
	test	"AdvSIMD trap from EL0 alone"
	expect_exception	0x07, 0x400
	expect_v	v0, 0x0202020202020202, 0x0202020202020202
	begin
	mmu_on
	mov	x1, #(1 << 20)
	msr	cpacr_el1, x1
	isb
	movi	v0.16b, #1
	add	v0.16b, v0.16b, v0.16b
	enter_el0	user
user:	add	v0.16b, v0.16b, v0.16b
	finish	1
