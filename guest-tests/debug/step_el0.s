// Software step of EL0, as ptrace does it: each ERET with SPSR_EL1.SS set executes one instruction.
	.include "test.inc"
	.include "debug.inc"
	test	"software step executes one instruction of EL0 at a time"
	handler	0x400, taken
	expect	x0, 9				// steps until the SVC
	expect	x1, ESR_STEP_EL0 + ESR_STEP_ISV
	expect	x2, ESR_STEP_EL0 + ESR_STEP_ISV + ESR_STEP_EX // of LDXR
	expect	x3, ESR_STEP_EL0 + ESR_STEP_ISV	// of LDAR
	expect	x4, after			// ELR after the branch
	expect	x5, 0				// SPSR.SS at the SVC: it is complete
	expect	x6, 0x11
	begin
	mov	x0, #0
	adr	x7, data
	debug_on MDSCR_SS
	enter_el0 user, SPSR_SS
user:	mov	x6, #0x10			// 1
	add	x6, x6, #1			// 2
	b	after				// 3
	mov	x6, #0
after:	ldxr	x8, [x7]			// 4
	clrex					// 5
	ldar	x8, [x7]			// 6
	ldr	x8, [x7]			// 7
	nop					// 8
	cbz	x6, after			// 9
	svc	#0

taken:	mrs	x10, esr_el1
	lsr	x11, x10, #26
	cmp	x11, #0x15
	b.eq	done
	add	x0, x0, #1
	cmp	x0, #1
	csel	x1, x10, x1, eq
	cmp	x0, #4
	csel	x2, x10, x2, eq
	cmp	x0, #6
	csel	x3, x10, x3, eq
	cmp	x0, #3
	b.ne	1f
	mrs	x4, elr_el1
1:	mrs	x11, spsr_el1
	orr	x11, x11, #SPSR_SS
	msr	spsr_el1, x11
	eret
done:	mrs	x5, spsr_el1
	and	x5, x5, #SPSR_SS
	finish
	.balign	8
data:	.8byte	5
