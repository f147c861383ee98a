	.include "test.inc"
	test	"virtio devices sit in the first slots, in order"
	devices	rng, console, disk
	expect	x0, 0x74726976			// "virt"
	expect	x1, 2
	expect	x2, 4
	expect	x3, 3
	expect	x4, 2
	expect	x5, 0
	expect	x6, 2048			// sectors
	begin
	ldr	x9, =0x0a000000
	ldr	w0, [x9]
	ldr	w1, [x9, #4]
	ldr	w2, [x9, #8]
	ldr	w3, [x9, #0x208]
	add	x9, x9, #0x400
	ldr	w4, [x9, #8]
	ldr	w5, [x9, #0x70]
	ldr	x6, [x9, #0x100]
	finish
