	.include "test.inc"
	test	"Garbage in every register of every device does no harm (GICv3)"
	gic	3
	cpus	2
	timeout 60000
	handler	0x200, skip
	begin
	.include "gic/gic.inc"
	.include "devices/garbage.inc"
	garbage
	gic_on
	mov	x0, #0
	msr	icc_ctlr_el1, x0
	msr	icc_ap1r0_el1, x0
	msr	icc_ap0r0_el1, x0
	movz	x0, #(GICD >> 16), lsl #16
	movz	x2, #((GICR + 0x10000) >> 16), lsl #16
	mov	w1, #-1
	mov	x3, #4
1:	add	x4, x0, x3
	str	w1, [x4, #ICENABLER]
	add	x3, x3, #4
	cmp	x3, #0x20
	b.ne	1b
	str	w1, [x2, #ICENABLER]
	str	w1, [x2, #ICACTIVER]
	str	w1, [x2, #ICPENDR]
	sub	x2, x2, #0x10000
	str	wzr, [x2]			// GICR_CTLR: no LPIs
	interrupt 4
	send_sgi 4, 1
	await_irq
	mrs	x0, icc_iar1_el1
	cmp	x0, #4
	fail_if	ne, 1
	msr	icc_eoir1_el1, x0
	isb
	fail_if_pending 2
	finish
