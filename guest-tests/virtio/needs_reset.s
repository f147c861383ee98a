	.include "test.inc"
	test	"A driver that breaks the rules is told so, and a reset mends it"
	devices	rng
	expect	x4, 2				// the configuration has changed
	expect	x5, 0				// nothing came back
	begin
	.include "virtio/virtio.inc"
	virtio	0, 0
	describe 0, 0, 16, 3, 0			// a loop
	offer	0, 0
1:	yield
	ldr	w0, [x9, #STATUS]
	tbz	w0, #NEEDS_RESET, 1b
	ldr	w4, [x9, #INTERRUPT_STATUS]
	ldrh	w5, [x10, #(USED + 2)]
	virtio	0, 0
	mov	w0, #9				// nine available in a queue of eight
	strh	w0, [x10, #(AVAIL + 2)]
	str	w3, [x9, #QUEUE_NOTIFY]
2:	yield
	ldr	w0, [x9, #STATUS]
	tbz	w0, #NEEDS_RESET, 2b
	virtio	0, 0
	describe 0, 0, 16, 2
	offer	0, 0
	await_used 1
	finish
