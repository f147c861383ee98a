// Write garbage to every system register that there is, devices' (GIC, timers) and the CPU's own, and
// give it back what it held. An encoding that is nothing's is undefined, and nothing else happens.
//
// The accesses are made: a word of code for each of the 32768 encodings. SCTLR_EL1 is left alone, since
// the next instruction depends on it.
	.include "test.inc"
	test	"garbage in every system register does no harm, and none lasts"
	engines	interp jit
	gic	3
	timeout	60000
	handler	0x200, skip
	handler	0x280, mask
	handler	0x300, mask
	handler	0x380, mask
	expect	x0, 42
	.set	SCTLR_KEY, 0xc080
	.set	SLOT, RAM + (2 << 20)
	.set	RET, 0xd65f03c0

	.macro	garbage_next
	eor	x20, x20, x20, lsl #13
	eor	x20, x20, x20, lsr #7
	eor	x20, x20, x20, lsl #17
	.endm

	.macro	fail_if_not_zero status
	cmp	x0, #0
	fail_if	ne, \status
	.endm

	begin
	ldr	x20, =0x2545f4914f6cdd1d
	ldr	x21, =SLOT
	ldr	w0, =RET
	str	w0, [x21, #4]
	mov	x22, #0x8000			// op0, op1, CRn, CRm, op2 of MRS and MSR
	mov	x26, #0				// registers that can be read and written
1:	mov	x0, #SCTLR_KEY
	cmp	x22, x0
	b.eq	4f
	mov	x23, #(1 << 21)			// MRS x1
	bl	access
	mov	x24, x1
	mov	x25, x28			// whether it was undefined
	mov	x27, #4
2:	garbage_next
	mov	x1, x20
	mov	x23, #0				// MSR x1
	bl	access
	orr	x25, x25, x28
	cbnz	x25, 4f
	mov	x1, x24
	bl	access
	mov	x23, #(1 << 21)
	bl	access
	subs	x27, x27, #1
	b.ne	2b
	add	x26, x26, #1
4:	add	x22, x22, #1
	tbz	x22, #16, 1b
	msr	daifset, #15

// A CPU has many registers; and all is as it was.
	cmp	x26, #80
	fail_if	lo, 1
	adr	x0, test_vectors
	mrs	x1, vbar_el1
	cmp	x0, x1
	fail_if	ne, 2
	mrs	x0, mdscr_el1
	fail_if_not_zero 3
	mrs	x0, pmcntenset_el0
	fail_if_not_zero 4
	mrs	x0, cntv_ctl_el0
	and	x0, x0, #1
	fail_if_not_zero 5
	mmu_on
	mov	x0, #42
	finish
	.ltorg

// Make the access (x22, x23) of x1; x28 = 1 if it was undefined. Clobbers x2, x30.
access:	mov	x19, x30
	mov	x28, #0
	movz	w2, #0xd500, lsl #16
	orr	w2, w2, w22, lsl #5
	orr	w2, w2, w23
	orr	w2, w2, #1
	str	w2, [x21]
	dc	cvau, x21
	dsb	ish
	ic	ivau, x21
	dsb	ish
	isb
	blr	x21
	isb
	ret	x19

skip:	mrs	x29, esr_el1
	lsr	x29, x29, #26
	cbz	x29, 1f				// undefined
	cmp	x29, #0x18			// trapped
	fail_if	ne, 0x80
1:	mrs	x29, elr_el1
	cmp	x29, x21
	fail_if	ne, 0x81
	add	x29, x29, #4
	msr	elr_el1, x29
	mov	x28, #1
	eret

// DAIF is a register, too.
mask:	mrs	x29, spsr_el1
	orr	x29, x29, #0x3c0
	msr	spsr_el1, x29
	eret
