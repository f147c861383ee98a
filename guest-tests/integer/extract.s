	.include "test.inc"
	test	"EXTR joins two registers; with one register it is ROR"
	expect	x0, 0x89abcdef01234567
	expect	x1, 0xf012345678912345
	expect	x2, 0x1cdef012
	expect	x3, 0x0123456789abcdef
	begin
	ldr	x9, =0x0123456789abcdef
	ror	x0, x9, #32
	ldr	x10, =0x12345678912345ff
	mov	x11, #0xf0
	extr	x1, x11, x10, #8
	ldr	w12, =0xcdef0123
	mov	w13, #0x1
	extr	w2, w13, w12, #4
	extr	x3, x10, x9, #0
	finish
