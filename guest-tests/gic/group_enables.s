	.include "test.inc"
	test	"GICD_CTLR enables Group 0 and Group 1, each by itself"
	engines	interp, jit		// KVM's GICD_CTLR has one enable, that of Group 1, for both
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	movz	x9, #(GICD >> 16), lsl #16
	.irp	enables, 3, 1, 2, 0
	mov	w1, #(0x10 | \enables)
	str	w1, [x9]
	ldr	w0, [x9]
	and	w0, w0, #3
	cmp	w0, #\enables
	fail_if	ne, (1 + \enables)
	.endr
	finish
