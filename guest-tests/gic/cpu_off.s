	.include "test.inc"
	test	"A CPU that was off finds its CPU interface and its timers reset"
	engines	interp, jit			// KVM keeps the CPU interface over CPU_OFF
	gic	3
	cpus	2
	begin
	.include "gic/gic.inc"
	adr	x9, step
	start_cpu 1, first
	wait_word x9, #1
1:	movz	x0, #0xc400, lsl #16		// AFFINITY_INFO until it is off
	movk	x0, #0x0004
	mov	x1, #1
	mov	x2, #0
	hvc	#0
	cmp	x0, #1
	b.ne	1b
	start_cpu 1, second
	wait_word x9, #2
	finish

// Leave with an interrupt active, another one pending, and both timers running.
first:	gic_on
	interrupt 1, 0x40
	interrupt VTIMER, 0x20
	send_sgi 1, 1 << 1
	await_irq
	mrs	x0, icc_iar1_el1
	mov	x0, #1
	msr	cntv_tval_el0, x0
	msr	cntv_ctl_el0, x0
	msr	cntp_ctl_el0, x0
	await_irq
	mov	x0, #3
	msr	cntkctl_el1, x0
	adr	x9, step
	mov	w0, #1
	stlr	w0, [x9]
	movz	x0, #0x8400, lsl #16		// CPU_OFF
	movk	x0, #2
	hvc	#0
	b	.

second:	fail_if_pending 1
	mrs	x0, icc_pmr_el1
	cmp	x0, #0
	fail_if	ne, 2
	mrs	x0, icc_igrpen1_el1
	cmp	x0, #0
	fail_if	ne, 3
	mrs	x0, icc_rpr_el1
	cmp	x0, #0xff
	fail_if	ne, 4
	mrs	x0, cntv_ctl_el0
	tst	x0, #1
	fail_if	ne, 5
	mrs	x0, cntp_ctl_el0
	tst	x0, #1
	fail_if	ne, 6
	gic_get	ISACTIVER, 1			// the Redistributor kept its power
	fail_if	eq, 7
	adr	x9, step
	mov	w0, #2
	stlr	w0, [x9]
	b	.

	.data
	.balign	4
step:	.word	0
