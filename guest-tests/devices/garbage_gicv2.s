	.include "test.inc"
	test	"Garbage in every register of every device does no harm (GICv2)"
	gic	2
	cpus	2
	timeout 60000
	handler	0x200, skip
	begin
	.include "gicv2/gicv2.inc"
	.include "devices/garbage.inc"
	garbage
	gic_on
	str	wzr, [x27, #0xd0]		// GICC_APR0, GICC_NSAPR0
	str	wzr, [x27, #0xe0]
	mov	w1, #-1
	mov	x3, #0
1:	add	x4, x28, x3
	str	w1, [x4, #ICENABLER]
	str	w1, [x4, #ICACTIVER]
	str	wzr, [x4, #IGROUPR]
	add	x3, x3, #4
	cmp	x3, #0x20
	b.ne	1b
	mov	x3, #0
2:	add	x4, x28, x3
	str	w1, [x4, #CPENDSGIR]
	add	x3, x3, #4
	cmp	x3, #0x10
	b.ne	2b
	interrupt 4
	send_sgi 4, 1
	await_irq
	gicc_expect GICC_IAR, 4, 1
	gicc_write GICC_EOIR, 4
	fail_if_pending 2
	finish
