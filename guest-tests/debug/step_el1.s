// Software step of EL1 itself (MDSCR_EL1.KDE), begun by ERET from where PSTATE.D is set. An SVC is
// stepped and taken with D set, so that its handler is not; ERET back goes on where SPSR.SS says.
	.include "test.inc"
	.include "debug.inc"
	test	"software step of EL1: by KDE and PSTATE.D, through an SVC and its ERET"
	handler	0x200, taken
	expect	x0, 4				// steps: MOV, (SVC) NOP, MOV, and the last one
	expect	x1, 1				// SVCs
	expect	x2, ESR_STEP_EL1 + ESR_STEP_ISV
	expect	x3, 0
	expect	x4, 3
	begin
	mov	x0, #0
	mov	x1, #0
	mov	x4, #0
	msr	oslar_el1, xzr
	ldr	x30, =MDSCR_KDE + MDSCR_SS
	msr	mdscr_el1, x30
	isb
	adr	x5, stepped
	msr	elr_el1, x5
	ldr	x5, =SPSR_SS + 0x1c5		// EL1h, D clear
	bic	x5, x5, #0x200
	msr	spsr_el1, x5
	eret
stepped:
	mov	x4, #1				// 1
	svc	#0
	nop					// 2: stepped since the handler sets SS
	mov	x4, #3				// 3
	mov	x4, x4				// 4: the handler stops here
	finish	1

taken:	mrs	x10, esr_el1
	lsr	x11, x10, #26
	cmp	x11, #0x15
	b.ne	1f
	add	x1, x1, #1
	mrs	x3, spsr_el1			// SS clear: the SVC is complete
	and	x3, x3, #SPSR_SS
	b	2f
1:	add	x0, x0, #1
	mov	x2, x10
	cmp	x0, #4
	b.eq	3f
2:	mrs	x11, spsr_el1
	orr	x11, x11, #SPSR_SS
	msr	spsr_el1, x11
	eret
3:	finish
