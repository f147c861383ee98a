	.include "test.inc"
	test	"The virtio console prints, before the notification is over"
	devices	console
	expect_uart "hello by virtio\n"
	begin
	.include "virtio/virtio.inc"
	virtio	0, 1
	ldr	x0, =0x7962206f6c6c6568
	str	x0, [x10, #BUFFER]
	ldr	x0, =0x0a6f697472697620	// " virtio\n"
	str	x0, [x10, #(BUFFER + 8)]
	describe 0, 0, 8, 1, 1
	describe 1, 8, 8, 0
	offer	0, 0
	ldrh	w0, [x10, #(USED + 2)]
	cmp	w0, #1
	fail_if	ne, 3
	finish
