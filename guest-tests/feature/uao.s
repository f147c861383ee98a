// FEAT_UAO: with PSTATE.UAO set, LDTR and STTR at EL1 have the permissions of EL1. 0x4020_0000 is
// a block that EL0 may not touch.
	.include "test.inc"
	test	"PSTATE.UAO gives LDTR and STTR the permissions of EL1"
	needs	uao
	handler	0x200, fault
	expect	x10, 0x55
	expect	x11, 1 << 23
	expect	x12, 1				// one fault, with UAO clear
	expect	x13, 0				// the handler ran with UAO clear
	expect	x14, 1 << 23			// SPSR had it, and ERET brings it back
	expect	x15, 1 << 23
	begin
	mmu_on
	mov	x12, #0
	mov	x0, #0x40200000
	mov	x1, #0x55
	msr	uao, #1
	mrs	x11, uao
	sttr	x1, [x0]
	ldtr	x10, [x0]
	brk	#0				// the handler looks
	mrs	x15, uao
	mov	x2, #0
	msr	uao, x2
	ldtr	x3, [x0]			// faults
	finish

fault:	mrs	x4, esr_el1
	lsr	x5, x4, #26
	cmp	x5, #0x25
	b.ne	1f
	and	x4, x4, #0x3f
	cmp	x4, #0xe			// permission, level 2
	cinc	x12, x12, eq
	b	2f
1:	mrs	x13, uao
	mrs	x14, spsr_el1
	and	x14, x14, #(1 << 23)
2:	mrs	x4, elr_el1
	add	x4, x4, #4
	msr	elr_el1, x4
	eret
