// SCTLR_EL1.A asks for alignment to the element, not to the register: bytes may lie anywhere.
	.include "test.inc"
	test	"alignment is checked for elements"
	expect_exception	0x25, 0x200
	expect	x0, 1
	expect	esr_el1, 0x96000021
	begin
	mmu_on
	mrs	x1, sctlr_el1
	orr	x1, x1, #2
	msr	sctlr_el1, x1
	isb
	movz	x1, #0x4100, lsl #16
	add	x1, x1, #1
	ld1	{v0.16b-v3.16b}, [x1]
	st4	{v0.16b-v3.16b}, [x1]
	ld1	{v0.b}[3], [x1]
	add	x1, x1, #1
	ld1	{v0.8h}, [x1]
	mov	x0, #1
	ld1	{v0.4s}, [x1]
	finish	1
