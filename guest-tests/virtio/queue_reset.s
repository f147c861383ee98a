	.include "test.inc"
	test	"A queue is reset alone, and is set up anew while the device stays live"
	devices	rng
	expect	x4, 0				// QueueReset and QueueReady when it is done
	expect	x5, 0
	expect	x6, 0xf				// the device's status
	expect	x7, 64				// the used length of the first buffer afterwards
	begin
	.include "virtio/virtio.inc"
	virtio	0, 0, VERSION_1 | RING_RESET
	describe 0, 0, 16, 2
	offer	0, 0
	await_used 1
	mov	w0, #1
	str	w0, [x9, #QUEUE_RESET]
	ldr	w4, [x9, #QUEUE_RESET]
	ldr	w5, [x9, #QUEUE_READY]
	ldr	w6, [x9, #STATUS]
	bl	virtio_queue
	describe 0, 0, 64, 2
	offer	0, 0
	await_used 1
	ldr	w7, [x10, #(USED + 8)]
	finish
