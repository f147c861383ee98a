	.include "test.inc"
	test	"Priorities can be written by bytes and by words, and have at least five bits"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	movz	x9, #(GICD >> 16), lsl #16
	ldr	w0, =0x80604020
	str	w0, [x9, #(IPRIORITYR + 100)]
	mov	w1, #0xf8
	strb	w1, [x9, #(IPRIORITYR + 101)]
	ldr	w0, [x9, #(IPRIORITYR + 100)]
	ldr	w1, =0x8060f820
	cmp	w0, w1
	fail_if	ne, 1
	ldrb	w0, [x9, #(IPRIORITYR + 103)]
	cmp	w0, #0x80
	fail_if	ne, 2
	mrs	x0, icc_ctlr_el1		// PRIbits, less one
	ubfx	x0, x0, #8, #3
	cmp	x0, #4
	fail_if	lo, 3
	finish
