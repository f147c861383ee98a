	.include "test.inc"
	.include "mmu.inc"
	test	"TTBR1_EL1 maps the upper half"
	expect	x1, 0xabcd
	begin
	mmu_on
	ldr	x0, =FREE
	mov	x1, #0xabcd
	str	x1, [x0]
	map	256, FREE + DESC_BLOCK + DESC_RAM
	// The same tables above, 39 bits, 4 KiB (TG1 = 2).
	mrs	x2, ttbr0_el1
	msr	ttbr1_el1, x2
	mrs	x2, tcr_el1
	ldr	x3, =0x80800000
	bic	x2, x2, x3
	ldr	x3, =(25 << 16) + (2 << 30)
	orr	x2, x2, x3
	msr	tcr_el1, x2
	isb
	tlbi	vmalle1
	dsb	ish
	isb
	mov	x1, #0
	ldr	x0, =0xffffff8000000000 + HOLE
	ldr	x1, [x0]
	finish
