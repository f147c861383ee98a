// What runs is what ID_AA64ISAR0_EL1 tells: AES with PMULL, SHA-1, SHA-256.
	.include "test.inc"
	test	"ID_AA64ISAR0_EL1 tells AES, PMULL, SHA1, SHA2"
	engines	interp, jit		// the CPU at hand may have more
	expect	x1, 0x11120
	begin
	mrs	x1, id_aa64isar0_el1
	and	x1, x1, #0xffff0
	finish
