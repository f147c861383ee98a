	.include "test.inc"
	test	"Two queues of a device are served, each with what is in it"
	devices	balloon
	expect	x4, 0				// a page that the first took into the balloon
	expect	x5, 0				// the used lengths
	expect	x6, 0
	expect	x7, 0x00010001			// how many buffers came back, from either
	begin
	.include "virtio/virtio.inc"
	mmu_on
	virtio	0, 0, second=1			// into the balloon, and out of it
	mov	x11, x10
	add	x13, x10, #0x1000		// queue 1's memory
	add	x12, x13, #0x1000		// the page
	mov	w0, #1
	str	w0, [x12]
	lsr	x0, x12, #12			// its number
	str	w0, [x11, #BUFFER]
	str	w0, [x13, #BUFFER]
	describe 0, 0, 4, 0
	offer	0, 0
	await_used 1
	ldr	w4, [x12]
	mov	x10, x13
	mov	w3, #1
	describe 0, 0, 4, 0
	offer	0, 0
	await_used 1
	ldr	w5, [x11, #(USED + 8)]
	ldr	w6, [x10, #(USED + 8)]
	ldrh	w7, [x11, #(USED + 2)]
	ldrh	w0, [x10, #(USED + 2)]
	orr	w7, w7, w0, lsl #16
	finish
