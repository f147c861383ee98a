	.include "test.inc"
	test	"A buffer comes back with random bytes, and an interrupt until it is acknowledged"
	devices	rng
	expect	x4, 64				// the used length
	expect	x5, 1				// pending at the GIC
	expect	x6, 0				// no more
	expect	x8, 0				// InterruptStatus
	begin
	.include "virtio/virtio.inc"
	ldr	x7, =(0x08000000 + 0xc0c)	// GICD_ICFGR3: SPI 16 is level-sensitive
	ldr	w0, [x7]
	bic	w0, w0, #2
	str	w0, [x7]
	virtio	0, 0
	describe 0, 0, 40, 3, 5			// writable, and more follows
	describe 5, 64, 24, 2
	offer	0, 0
	await_used 1
	ldr	w4, [x10, #(USED + 8)]
	ldr	x0, [x10, #BUFFER]
	ldr	x1, [x10, #(BUFFER + 8)]
	orr	x0, x0, x1
	ldr	x1, [x10, #(BUFFER + 64)]
	cbnz	x0, 1f
	cbnz	x1, 1f
	finish	3
1:	ldr	x0, [x10, #(BUFFER + 40)]	// behind the first piece
	cmp	x0, #0
	fail_if	ne, 4
2:	ldr	w0, [x9, #INTERRUPT_STATUS]
	tbz	w0, #0, 2b
	ldr	x7, =(0x08000000 + 0x204)	// GICD_ISPENDR1: SPI 16 is bit 16
	ldr	w5, [x7]
	ubfx	w5, w5, #16, #1
	mov	w0, #1
	str	w0, [x9, #INTERRUPT_ACK]
	ldr	w8, [x9, #INTERRUPT_STATUS]	// KVM may count acknowledgements until somebody looks
	ldr	w6, [x7]
	ubfx	w6, w6, #16, #1
	finish
