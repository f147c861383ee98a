	.include "test.inc"
	test	"ADD and SUB reach SP; CMP with SP does not change it"
	expect	x0, 0x1ff0
	expect	x1, 0x2000
	expect	nzcv, 0b0110
	begin
	mov	x9, sp
	mov	x2, #0x2000
	mov	sp, x2
	sub	sp, sp, #16
	mov	x0, sp
	add	sp, sp, x3, uxtx
	add	sp, sp, #16
	cmp	sp, #0x2, lsl #12
	mov	x1, sp
	mov	sp, x9
	finish
