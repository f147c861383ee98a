	.include "test.inc"
	test	"Garbage in every register of virtio devices does no harm"
	devices	rng, console, disk, net
	gic	3
	timeout	60000
	handler	0x200, skip
	begin
	.include "devices/garbage.inc"
	garbage
	.include "virtio/virtio.inc"
	ldr	x9, =VIRTIO
	mov	x4, #4
1:	str	wzr, [x9, #STATUS]
	ldr	w0, [x9, #STATUS]
	cmp	w0, #0
	fail_if	ne, 3
	ldr	w0, [x9, #QUEUE_READY]
	cmp	w0, #0
	fail_if	ne, 4
	add	x9, x9, #SLOT
	subs	x4, x4, #1
	b.ne	1b
	virtio	0, 0
	describe 0, 0, 16, 2
	offer	0, 0
	await_used 1
	finish
