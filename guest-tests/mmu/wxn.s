	.include "test.inc"
	.include "mmu.inc"
	test	"SCTLR_EL1.WXN forbids executing what is writable"
	expect_exception	0x21, 0x200
	expect	esr_el1, IABORT_EL1 + 0x0e
	expect	elr_el1, HOLE
	begin
	mmu_on
	map	256, FREE + DESC_BLOCK + DESC_RAM
	mrs	x1, sctlr_el1
	orr	x1, x1, #(1 << 19)
	msr	sctlr_el1, x1
	isb
	tlbi	vmalle1
	dsb	ish
	isb
	ldr	x0, =HOLE
	br	x0
	finish
