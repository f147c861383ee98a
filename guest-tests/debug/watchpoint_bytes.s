// Byte selection, word and doubleword alignment of the address, loads, EL0: what is hit and with which
// FAR. Each access that is expected to hit is followed by a MOV that the handler skips as well.
	.include "test.inc"
	.include "debug.inc"
	test	"watchpoints select bytes, tell loads from stores, and EL0 from EL1"
	handler	0x200, taken
	handler	0x400, taken
	expect	x10, 5				// bytes 2 and 3 of 8, by five accesses
	expect	x11, data + 2			// FAR of an access that covers both
	expect	x12, data + 3
	expect	x13, 1				// a word at an address that is odd by 4
	expect	x14, data + 5
	expect	x15, 0				// loads alone
	expect	x16, 1
	expect	x18, 1				// by EL0 alone
	begin
	mmu_on
	debug_on MDSCR_MDE + MDSCR_KDE
	adr	x2, data
	mov	x0, #0
	watchpoint 3, data, WP_EL1 + WP_LOAD + WP_STORE + (0x0c << WP_BAS)
	ldrb	w3, [x2]
	ldrh	w3, [x2]
	ldr	w3, [x2, #4]
	ldrb	w3, [x2, #1]
	ldr	x3, [x2]			// 1
	mov	x11, x9
	ldrb	w3, [x2, #3]			// 2
	mov	x12, x9
	strh	w3, [x2, #2]			// 3
	ldur	x3, [x2, #-5]			// 4
	ldp	w3, w4, [x2]			// 5
	mov	x10, x0
	msr	dbgwcr3_el1, xzr
	mov	x0, #0
	watchpoint 1, data + 4, WP_EL1 + WP_LOAD + (0xfe << WP_BAS)
	ldrb	w3, [x2, #4]
	ldr	w3, [x2]
	ldr	x3, [x2, #8]
	ldr	w3, [x2, #4]			// 1
	mov	x14, x9
	mov	x13, x0
	mov	x0, #0
	str	x3, [x2]
	mov	x15, x0
	ldaddal	x3, x3, [x2]			// reads as well, and that is what is told
	and	x16, x8, #ESR_WNR
	eor	x16, x16, #ESR_WNR
	lsr	x16, x16, #6
	msr	dbgwcr1_el1, xzr
	mov	x0, #0
	watchpoint 2, data, WP_EL0 + WP_LOAD + WP_DOUBLEWORD
	ldr	x3, [x2]
	enter_el0 user
user:	ldr	x3, [x2, #8]
	ldr	x3, [x2]			// 1
	mov	x18, x0
	finish

taken:	add	x0, x0, #1
	mrs	x9, far_el1
	mrs	x8, esr_el1
	mrs	x20, elr_el1
	add	x20, x20, #4
	msr	elr_el1, x20
	eret
	.data
	.balign	16
	.8byte	0, 0
data:	.8byte	0, 0
