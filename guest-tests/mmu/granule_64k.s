	.include "test.inc"
	.include "mmu.inc"
	test	"64 KiB granule: a level 2 block and a level 3 page"
	needs	granule64k
	expect	x1, 0x6464
	expect	x2, 0x6465
	begin
	// Two levels with T0SZ 32 (4 GiB): level 2 has 8 entries of 512 MiB, level 3 pages of 64 KiB.
	ldr	x0, =table2
	ldr	x1, =0x0060000000000401 + 0x40
	str	x1, [x0]
	ldr	x1, =0x40000000 + DESC_BLOCK + DESC_RAM
	str	x1, [x0, #16]
	ldr	x2, =table3
	orr	x1, x2, #DESC_TABLE
	str	x1, [x0, #24]
	ldr	x1, =0x40410000 + DESC_PAGE + DESC_RAM
	str	x1, [x2, #8]
	ldr	x3, =0x40410008
	ldr	x4, =0x6464
	str	x4, [x3]
	dsb	ish
	mov	x1, #0xff00
	msr	mair_el1, x1
	ldr	x1, =0x200807520
	msr	tcr_el1, x1
	msr	ttbr0_el1, x0
	isb
	mrs	x1, sctlr_el1
	mov	x2, #0x1005
	orr	x1, x1, x2
	msr	sctlr_el1, x1
	isb
	ldr	x3, =0x60010008
	ldr	x1, [x3]
	add	x2, x1, #1
	str	x2, [x3]
	ldr	x3, =0x40410008
	ldr	x2, [x3]
	finish
	.bss
	.balign	65536
table3:
	.skip	65536
table2:
	.skip	64
	.text
