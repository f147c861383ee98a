// Writes the scratch register of the exit device 100,000 times, and nothing else: what the way out of
// the guest and back costs (make bench-kvm).
	movz	x0, #0x090f, lsl #16
	movz	w1, #(100000 & 0xffff)
	movk	w1, #(100000 >> 16), lsl #16
1:	str	w1, [x0, #4]
	subs	w1, w1, #1
	b.ne	1b
	strb	wzr, [x0]
	b	.
