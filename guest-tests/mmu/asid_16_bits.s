// TCR_EL1.AS: all 16 bits of the ASID count, and there are more of them than the TLB has room for.
// Each of 3000 ASIDs is used once, with one of two pages: none may see what another has cached.
	.include "test.inc"
	.include "mmu.inc"
	test	"3000 ASIDs of 16 bits each have their own translations"
	expect	x0, 0
	begin
	mmu_on
	tcr_set	1 << 36
	ldr	x1, =FREE
	str	xzr, [x1]
	ldr	x1, =FREE2
	mov	x2, #1
	str	x2, [x1]
	adrp	x10, mmu_l2
	ldr	x11, =FREE + DESC_BLOCK + DESC_RAM + DESC_NG
	ldr	x12, =FREE2 + DESC_BLOCK + DESC_RAM + DESC_NG
	mrs	x13, ttbr0_el1
	ldr	x14, =HOLE
	mov	x0, #0
	mov	x1, #3000
1:	lsl	x2, x1, #4			// the low 8 bits alone would repeat after 16
	bfi	x13, x2, #48, #16
	tst	x1, #1
	csel	x3, x12, x11, ne
	str	x3, [x10, #(256 * 8)]
	dsb	ish
	msr	ttbr0_el1, x13
	isb
	ldr	x4, [x14]
	and	x5, x1, #1
	cmp	x4, x5
	cinc	x0, x0, ne
	sub	x1, x1, #1
	cbnz	x1, 1b
	finish
