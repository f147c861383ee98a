// A write that faults does not make the page dirty: EL0's to a page of EL1, one below a table that
// forbids writes, and one while TCR_EL1.HD is 0.
	.include "test.inc"
	.include "mmu.inc"
	test	"a write that is not permitted leaves a page with DBM clean"
	needs	hafdbs
	handler	0x200, fault
	handler	0x400, fault_el0
	expect	x20, 0x9600004f			// EL1, permission, level 3, write: APTable
	expect	x21, 0x9200004f			// EL0
	expect	x22, 0x9600004f			// HD = 0
	expect	x23, FREE + DESC_PAGE + DESC_RAM + DESC_RO + DESC_DBM
	begin
	mmu_on
	mov	x19, #0
	tcr_set	TCR_HA
	map	256, page_table + DESC_TABLE
	map	257, page_table + DESC_TABLE + TABLE_RO
	map_page	0, FREE + DESC_PAGE + DESC_RAM + DESC_RO + DESC_DBM
	ldr	x0, =HOLE
	str	x0, [x0]
	mov	x22, x9
	tcr_set	TCR_HD
	ldr	x1, =HOLE2
	str	x0, [x1]
	mov	x20, x9
	enter_el0 user
user:	str	x0, [x0]
	finish	1

fault:	mrs	x9, elr_el1
	add	x9, x9, #4
	msr	elr_el1, x9
	mrs	x9, esr_el1
	eret
fault_el0:
	mrs	x21, esr_el1
	adrp	x1, page_table
	ldr	x23, [x1]
	finish
