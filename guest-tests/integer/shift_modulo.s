	.include "test.inc"
	test	"Shifts by register take the amount modulo the width"
	expect	x0, 2
	expect	x1, 2
	expect	x2, 0xffffffffffffffff
	expect	x3, 0x80000000
	expect	x4, 1
	begin
	mov	x9, #1
	mov	x10, #65
	mov	x11, #0x8000000000000000
	mov	x12, #127
	lsl	x0, x9, x10
	lsl	w1, w9, w10
	asr	x2, x11, x12
	ror	w3, w9, w10
	lsr	x4, x11, x12
	finish
