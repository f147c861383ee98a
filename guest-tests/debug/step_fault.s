// An instruction that faults is not stepped: SPSR_EL1.SS stays set, and it is stepped when it is executed
// again. A branch to what is not mapped is stepped; the fetch of its target faults afterwards.
	.include "test.inc"
	.include "mmu.inc"
	.include "debug.inc"
	test	"a fault does not use up the step; a branch that leads into one does"
	handler	0x400, taken
	expect	x0, 0x12232			// what came: 1 data abort, 2 step, 3 instruction abort
	expect	x1, SPSR_SS			// SPSR.SS at the data abort
	expect	x2, HOLE + 0x400		// ELR of the step after the branch
	expect	x3, SPSR_SS			// SPSR.SS at the instruction abort
	expect	x4, 0
	begin
	mmu_on
	ldr	x9, =FREE + 0x400
	ldr	w8, =0xd503201f			// NOP
	str	w8, [x9]
	str	w8, [x9, #4]
	dc	cvau, x9
	dsb	ish
	ic	ivau, x9
	dsb	ish
	mov	x0, #0
	ldr	x7, =HOLE2
	ldr	x8, =HOLE + 0x400
	debug_on MDSCR_SS
	enter_el0 user, SPSR_SS
user:	ldr	x5, [x7]
	br	x8

taken:	mrs	x10, esr_el1
	lsr	x10, x10, #26
	mrs	x11, spsr_el1
	and	x12, x11, #SPSR_SS
	lsl	x0, x0, #4
	cmp	x10, #0x24
	b.eq	data
	cmp	x10, #0x20
	b.eq	insn
	cmp	x10, #0x32
	b.ne	bad
	add	x0, x0, #2
	lsr	x13, x0, #16
	cbnz	x13, finished
	mrs	x2, elr_el1
	b	resume
data:	add	x0, x0, #1
	mov	x1, x12
	map	257, FREE2 + DESC_BLOCK + DESC_RAM + DESC_EL0
	eret
insn:	add	x0, x0, #3
	mov	x3, x12
	map	256, FREE + DESC_BLOCK + DESC_RAM + DESC_EL0 + DESC_RO
	eret
resume:	orr	x11, x11, #SPSR_SS
	msr	spsr_el1, x11
	eret
bad:	mov	x4, #1
finished:
	finish
