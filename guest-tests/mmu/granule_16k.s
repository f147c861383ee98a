	.include "test.inc"
	.include "mmu.inc"
	test	"16 KiB granule: a level 2 block and a level 3 page"
	needs	granule16k
	expect	x1, 0x1616
	expect	x2, 0x1617
	begin
	// Two levels with T0SZ 29 (32 GiB): level 2 has 1024 entries of 32 MiB, level 3 pages of 16 KiB.
	ldr	x0, =table2
	ldr	x1, =0x0060000000000401 + 0x08000000
	str	x1, [x0, #32]
	ldr	x1, =0x40000000 + DESC_BLOCK + DESC_RAM
	str	x1, [x0, #256]
	ldr	x2, =table3
	orr	x1, x2, #DESC_TABLE
	str	x1, [x0, #384]
	ldr	x1, =0x40404000 + DESC_PAGE + DESC_RAM
	str	x1, [x2, #8]
	ldr	x3, =0x40404008
	ldr	x4, =0x1616
	str	x4, [x3]
	dsb	ish
	mov	x1, #0xff00
	msr	mair_el1, x1
	ldr	x1, =0x20080b51d
	msr	tcr_el1, x1
	msr	ttbr0_el1, x0
	isb
	mrs	x1, sctlr_el1
	mov	x2, #0x1005
	orr	x1, x1, x2
	msr	sctlr_el1, x1
	isb
	ldr	x3, =0x60004008
	ldr	x1, [x3]
	add	x2, x1, #1
	str	x2, [x3]
	ldr	x3, =0x40404008
	ldr	x2, [x3]
	finish
	.bss
	.balign	16384
table3:
	.skip	16384
table2:
	.skip	16384
	.text
