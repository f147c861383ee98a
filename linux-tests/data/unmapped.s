// Loads from an address where nothing is.
	ldr	x0, =0x3ffffff0
	ldr	x1, [x0]
	b	.
