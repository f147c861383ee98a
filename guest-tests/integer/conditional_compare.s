	.include "test.inc"
	test	"CCMP and CCMN chain conditions: flags of the comparison or the given ones"
	expect	x0, 0b0110
	expect	x1, 0b0101
	expect	x2, 0b0110
	expect	x3, 0b1010
	begin
	mov	x9, #5
	cmp	x9, #5
	ccmp	x9, #5, #0, eq
	mrs	x0, nzcv
	lsr	x0, x0, #28
	ccmp	x9, #5, #0b0101, ne
	mrs	x1, nzcv
	lsr	x1, x1, #28
	cmp	x9, x9
	mov	x10, #-5
	ccmn	x9, x10, #0, eq
	mrs	x2, nzcv
	lsr	x2, x2, #28
	ccmn	w9, #31, #0b1010, mi
	mrs	x3, nzcv
	lsr	x3, x3, #28
	finish
