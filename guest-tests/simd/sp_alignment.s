// SCTLR_EL1.SA: a structure load from an SP that is not a multiple of 16 faults, EC 0x26.
	.include "test.inc"
	test	"SP alignment fault of LD1"
	expect_exception	0x26, 0x200
	expect_v	v0, 0, 0
	begin
	movi	v0.2d, #0
	mrs	x1, sctlr_el1
	orr	x1, x1, #8
	msr	sctlr_el1, x1
	isb
	ld1	{v1.16b}, [sp]			// aligned
	sub	sp, sp, #8
	ld1	{v0.16b}, [sp], #16
	finish	1
