	.include "test.inc"
	test	"A more urgent interrupt preempts a handler, an equally urgent one waits"
	gic	3
	handler	0x280, on_irq
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt 1, 0xa0
	interrupt 2, 0xa0
	interrupt 3, 0x40
	adr	x20, log
	msr	daifclr, #2
	send_sgi 1, 1
	adr	x9, log + 6
1:	cmp	x20, x9
	b.ne	1b
	msr	daifset, #2
	adr	x2, log
	ldr	x0, [x2]
	ldr	x1, =0x020201030301		// begin 1, begin 3, end 3, end 1, begin 2, end 2
	cmp	x0, x1
	fail_if	ne, 1
	finish

// Write down each beginning and each end; SGI 1 sends 2 and 3 and lets itself be preempted.
on_irq:	sub	sp, sp, #32
	mrs	x10, elr_el1
	mrs	x11, spsr_el1
	stp	x10, x11, [sp]
	mrs	x10, icc_iar1_el1
	str	x10, [sp, #16]
	strb	w10, [x20], #1
	cmp	x10, #1
	b.ne	2f
	send_sgi 2, 1
	send_sgi 3, 1
	msr	daifclr, #2
	isb
	mov	x12, #1000			// time for what must not come
1:	subs	x12, x12, #1
	b.ne	1b
	msr	daifset, #2
2:	ldr	x10, [sp, #16]
	strb	w10, [x20], #1
	msr	icc_eoir1_el1, x10
	isb
	ldp	x10, x11, [sp]
	msr	elr_el1, x10
	msr	spsr_el1, x11
	add	sp, sp, #32
	eret

	.data
	.balign	8
log:	.dword	0
