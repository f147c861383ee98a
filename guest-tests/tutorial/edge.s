// Chapter 02: the last word of RAM can be written, the one behind it belongs to nobody. What nobody
// answers is a synchronous external abort: EC 0x25 (data abort, same EL), DFSC 0x10, and FAR has the
// address (Arm DDI 0487, ESR_EL1).
	.include "test.inc"
	test	"RAM ends where the machine says, and beyond is an external abort"
	memory	16 << 20
	expect	x2, 0x600d
	expect	x5, 0x25
	expect	x6, 0x10
	expect	x7, RAM + (16 << 20)
	handler	0x200, beyond
	begin
	ldr	x0, =RAM + (16 << 20)
	mov	x1, #0x600d
	str	x1, [x0, #-8]
	ldr	x2, [x0, #-8]
	ldr	x3, [x0]
	finish	1

beyond:
	mrs	x4, esr_el1
	lsr	x5, x4, #26
	and	x6, x4, #0x3f
	mrs	x7, far_el1
	finish
