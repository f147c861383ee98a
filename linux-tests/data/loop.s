// Loops for ever.
	b	.
