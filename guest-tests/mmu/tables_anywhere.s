// Translation tables may be said to be anywhere. In devices, behind the end of RAM and where nothing
// is, the walk takes an external abort at its level, for data and instructions, and no device
// notices. In the last page of RAM they work, up to the last descriptor.
	.include "test.inc"
	.include "mmu.inc"
	test	"tables in devices and in nothing are external aborts, in RAM's last page they work"
	engines	interp jit
	handler	0x200, on_abort
	expect	x20, 12 * 4			// aborts
	expect	x21, 0
	expect_uart ""
	.set	MEMORY, 64 << 20		// as much as there is by default
	.set	RAM_LAST, RAM + MEMORY - 0x1000
	.set	UPPER, 0xffffff8000000000	// what TTBR1 translates, with T1SZ 25
	.set	TCR_BOTH, MMU_TCR & ~(1 << 23) | 25 << 16 | 3 << 28 | 2 << 30
	.set	DESC_RAM_BLOCK, RAM + DESC_BLOCK + DESC_RAM

	.pushsection .rodata
	.balign	8
places:	.dword	0x08000000, 0x08080000, 0x080a0000	// GICD, GITS, GICR
	.dword	0x09000000, 0x09010000, 0x09030000	// PL011, PL031, PL061
	.dword	0x090f0000, 0x0a000000			// the exit device, virtio
	.dword	NOWHERE, 0, RAM + MEMORY, 0xfffffff000
	.dword	1
	.popsection

// expect_abort esr: the next instruction takes it.
	.macro	expect_abort esr
	ldr	x19, =(\esr)
	.endm

	.macro	forget
	dsb	ish
	tlbi	vmalle1
	dsb	ish
	isb
	.endm

	begin
	mmu_on
	ldr	x0, =TCR_BOTH
	msr	tcr_el1, x0
	mov	x20, #0
	mov	x21, #0
	adr	x22, places
	ldr	x24, =UPPER
	ldr	x25, =HOLE
	adrp	x23, page_table
	adrp	x26, mmu_l2

1:	ldr	x0, [x22], #8
	cmp	x0, #1
	b.eq	2f
	msr	ttbr1_el1, x0			// the root
	forget
	expect_abort DABORT_EL1 + 0x15
	ldr	x1, [x24]
	orr	x1, x0, #DESC_TABLE		// the second level
	str	x1, [x23]
	msr	ttbr1_el1, x23
	forget
	expect_abort DABORT_EL1 + 0x16
	ldr	x1, [x24]
	orr	x1, x0, #DESC_TABLE		// the third, for data and for code
	str	x1, [x26, #256 * 8]
	forget
	expect_abort DABORT_EL1 + 0x17 + WNR
	str	x1, [x25]
	expect_abort IABORT_EL1 + 0x17
	blr	x25
	b	1b
	.ltorg

// The last page of RAM as a root: its last descriptor maps RAM.
2:	expect_abort 0
	ldr	x0, =RAM_LAST
	ldr	x1, =DESC_RAM_BLOCK
	str	x1, [x0, #511 * 8]
	msr	ttbr1_el1, x0
	forget
	mov	x2, #-(1 << 30)			// the last gigabyte of addresses
	ldr	x3, =(MEMORY - 8)
	ldr	x3, [x2, x3]
	cmp	x3, x1				// the descriptor itself
	fail_if	ne, 1
// And as tables of all levels at once, which is itself the page that they map.
	orr	x1, x0, #DESC_TABLE
	ldr	x3, =DESC_RAM
	orr	x1, x1, x3
	str	x1, [x0, #511 * 8]
	forget
	mov	x2, #-8
	ldr	x3, [x2]
	cmp	x3, x1
	fail_if	ne, 2
	str	xzr, [x2]
	forget
	expect_abort DABORT_EL1 + 0x05		// a translation fault, level 1
	ldr	x3, [x2]
	sub	x20, x20, #1
	finish
	.ltorg

on_abort:
	mrs	x28, esr_el1
	cmp	x28, x19
	cinc	x21, x21, ne
	mrs	x29, elr_el1
	add	x29, x29, #4
	tst	x28, #(4 << 26)			// instruction aborts: to where we came from
	csel	x29, x30, x29, eq
	msr	elr_el1, x29
	add	x20, x20, #1
	mov	x19, #0
	eret
