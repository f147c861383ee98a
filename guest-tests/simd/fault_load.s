// LD4 across the end of a mapped region: the abort is at the first byte beyond, and neither a
// register of the list nor the base has changed.
	.include "test.inc"
	test	"a structure load that faults changes nothing"
	engines	interp, jit		// v0-v3 are UNKNOWN by the architecture
	expect_exception	0x25, 0x200
	expect	far_el1, 0x40800000
	expect	esr_el1, 0x96000006		// translation fault, level 2
	expect	x1, 0x407fffe0
	expect_v	v0, 0xeeeeeeeeeeeeeeee, 0xeeeeeeeeeeeeeeee
	expect_v	v1, 0xeeeeeeeeeeeeeeee, 0xeeeeeeeeeeeeeeee
	expect_v	v2, 0xeeeeeeeeeeeeeeee, 0xeeeeeeeeeeeeeeee
	expect_v	v3, 0xeeeeeeeeeeeeeeee, 0xeeeeeeeeeeeeeeee
	begin
	mmu_on
	adrp	x2, mmu_l2
	str	xzr, [x2, #8 * 4]		// 0x40800000, 2 MiB
	dsb	ish
	tlbi	vmalle1
	dsb	ish
	isb
	movi	v0.16b, #0xee
	mov	v1.16b, v0.16b
	mov	v2.16b, v0.16b
	mov	v3.16b, v0.16b
	ldr	x1, =0x407fffe0
	ld4	{v0.16b-v3.16b}, [x1], #64
	finish	1
