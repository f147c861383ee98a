	.include "test.inc"
	test	"UBFX, SBFX, UBFIZ, SBFIZ take a field and extend it"
	expect	x0, 0xab
	expect	x1, 0xffffffffffffffab
	expect	x2, 0xab00
	expect	x3, 0xffffffffffffab00
	expect	x4, 0xffffffab
	expect	x5, 0x8000000000000000
	begin
	mov	x9, #0xab0
	ubfx	x0, x9, #4, #8
	sbfx	x1, x9, #4, #8
	mov	x10, #0xab
	ubfiz	x2, x10, #8, #8
	sbfiz	x3, x10, #8, #8
	sbfx	w4, w9, #4, #8
	sbfiz	x5, x10, #63, #1
	finish
