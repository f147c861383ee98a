	.include "test.inc"
	test	"The host's kernel answers a packet, and says so when a ring is broken"
	devices	vsock
	expect	x4, 44				// the length of the answer
	expect	x5, 3				// a reset: nobody listens there
	expect	x6, 0				// the answer is for us
	expect	x7, 2				// and from the host
	begin
	.include "virtio/virtio.inc"
	.set	CONFIG, 0x100

	// The queues for sent packets, with x10, and for received ones, 0x800 behind.
	.macro	start
	virtio	0, 1
	add	x10, x10, #0x800
	mov	w3, #0
	bl	virtio_queue
	describe 0, 0, 256, 2
	offer	0, 0
	sub	x10, x10, #0x800
	mov	w3, #1
	.endm

	// The device has noticed, and done nothing.
	.macro	await_needs_reset
9921:	yield
	ldr	w0, [x9, #STATUS]
	tbz	w0, #NEEDS_RESET, 9921b
	ldrh	w0, [x10, #(USED + 2)]
	cmp	w0, #0
	fail_if	ne, 3
	.endm

	start
	offer	8, 0				// the ninth of eight descriptors
	await_needs_reset
	start
	describe 0, 0, 44, 1, 0			// a loop
	offer	0, 0
	await_needs_reset
	start
	mov	w0, #9				// nine available in a queue of eight
	strh	w0, [x10, #(AVAIL + 2)]
	str	w3, [x9, #QUEUE_NOTIFY]
	await_needs_reset
	start
	mov	x0, #0x1000			// no memory there
	str	x0, [x10]
	ldr	x0, =44
	str	x0, [x10, #8]
	offer	0, 0
	await_needs_reset

	// 5.10.6: VIRTIO_VSOCK_OP_REQUEST of a stream, from port 1 to one where nobody listens.
	start
	ldr	w8, [x9, #CONFIG]
	add	x1, x10, #BUFFER
	mov	x2, #2
	stp	x8, x2, [x1]
	mov	w0, #1
	ldr	w2, =0x7ffffff1
	stp	w0, w2, [x1, #16]
	str	wzr, [x1, #24]
	ldr	w0, =(1 | 1 << 16)
	str	w0, [x1, #28]
	str	wzr, [x1, #32]
	mov	w0, #0x1000
	stp	w0, wzr, [x1, #36]
	describe 0, 0, 44, 0
	offer	0, 0
	await_used 1
	add	x10, x10, #0x800
	await_used 1
	ldr	w4, [x10, #(USED + 8)]
	ldrh	w5, [x10, #(BUFFER + 30)]
	ldr	x6, [x10, #(BUFFER + 8)]
	eor	x6, x6, x8
	ldr	x7, [x10, #BUFFER]
	finish
