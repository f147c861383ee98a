	.include "test.inc"
	test	"ANDS and BICS set N and Z and clear C and V"
	expect	x0, 0b1000
	expect	x1, 0b0100
	expect	x2, 0b1000
	begin
	mov	x9, #0x8000000000000000
	cmp	x9, #1
	tst	x9, x9
	mrs	x0, nzcv
	lsr	x0, x0, #28
	adds	x8, x9, x9
	bics	xzr, x9, x9
	mrs	x1, nzcv
	lsr	x1, x1, #28
	tst	w9, #0x80000000
	mov	w9, #0x80000000
	ands	w8, w9, #0xf0000000
	mrs	x2, nzcv
	lsr	x2, x2, #28
	finish
