	.include "test.inc"
	test	"A sector that is written to a disk is read from it"
	devices	disk
	expect	x4, 513				// the used length: a sector and the status
	expect	x5, 0				// the status
	begin
	.include "virtio/virtio.inc"
	virtio	0, 0
	// Header at 0, status at 16, a sector at 1024 and another at 2048.
	mov	x0, #1				// VIRTIO_BLK_T_OUT
	str	x0, [x10, #BUFFER]
	mov	x0, #7
	str	x0, [x10, #(BUFFER + 8)]
	mov	x0, #-1
	str	x0, [x10, #(BUFFER + 16)]
	ldr	x4, =0x0123456789abcdef
	str	x4, [x10, #(BUFFER + 1024 + 504)]
	describe 0, 0, 16, 1, 1
	describe 1, 1024, 512, 1, 2
	describe 2, 16, 1, 2
	offer	0, 0
	await_used 1
	ldrb	w0, [x10, #(BUFFER + 16)]
	cmp	w0, #0
	fail_if	ne, 3
	str	xzr, [x10, #BUFFER]		// VIRTIO_BLK_T_IN
	mov	x0, #-1
	str	x0, [x10, #(BUFFER + 16)]
	describe 1, 2048, 512, 3, 2
	offer	0, 1
	await_used 2
	ldr	x0, [x10, #(BUFFER + 2048 + 504)]
	cmp	x0, x4
	fail_if	ne, 4
	ldr	w4, [x10, #(USED + 16)]
	ldrb	w5, [x10, #(BUFFER + 16)]
	finish
