	.include "test.inc"
	test	"CPU_SUSPEND as standby returns when an interrupt is pending"
	gic	3
	expect	x0, 0
	begin
	.set	TICKS, 62500
	// The virtual timer's PPI 27 through the redistributor of CPU 0.
	ldr	x1, =GICR + 0x14
	ldr	w2, [x1]
	bic	w2, w2, #2
	str	w2, [x1]
	ldr	x1, =GICR + 0x10080
	mov	w2, #0x08000000
	str	w2, [x1]
	ldr	x1, =GICR + 0x10100
	str	w2, [x1]
	ldr	x1, =GICD
	mov	w2, #0x12
	str	w2, [x1]
	mov	x2, #0xff
	msr	s3_0_c4_c6_0, x2
	mov	x2, #1
	msr	s3_0_c12_c12_7, x2
	isb
	mov	x1, #0x1000
	msr	cntv_tval_el0, x1
	msr	cntv_ctl_el0, x2
	isb
	movz	x0, #0xc400, lsl #16
	movk	x0, #0x0001
	mov	x1, #0
	mov	x2, #0
	hvc	#0
	finish
