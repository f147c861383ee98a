// What the software CPUs say that they are (core/a64/features.h).
	.include "test.inc"
	test	"the ID registers tell of FP16, DotProd, RDM, LRCPC, DPB, UAO, SSBS and 16-bit ASIDs"
	engines	interp, jit
	expect	x0, 0x11			// AdvSIMD, FP
	expect	x1, 1				// DP
	expect	x2, 1				// RDM
	expect	x3, 1				// LRCPC
	expect	x4, 1				// DPB
	expect	x5, 1				// UAO
	expect	x6, 2				// SSBS
	expect	x7, 2				// ASIDBits
	begin
	mrs	x10, id_aa64pfr0_el1
	ubfx	x0, x10, #16, #8
	mrs	x10, id_aa64isar0_el1
	ubfx	x1, x10, #44, #4
	ubfx	x2, x10, #28, #4
	mrs	x10, id_aa64isar1_el1
	ubfx	x3, x10, #20, #4
	ubfx	x4, x10, #0, #4
	mrs	x10, id_aa64mmfr2_el1
	ubfx	x5, x10, #4, #4
	mrs	x10, id_aa64pfr1_el1
	ubfx	x6, x10, #4, #4
	mrs	x10, id_aa64mmfr0_el1
	ubfx	x7, x10, #4, #4
	finish
