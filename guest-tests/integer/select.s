	.include "test.inc"
	test	"CSEL, CSINC, CSINV and CSNEG, taken and not"
	expect	x0, 1
	expect	x1, 2
	expect	x2, 3
	expect	x3, 0xfffffffffffffffd
	expect	x4, 0xfffffffffffffffe
	expect	x5, 1
	expect	x6, 0xffffffff
	expect	x7, 0xfffffffe
	begin
	mov	x9, #1
	mov	x10, #2
	cmp	x9, x9
	csel	x0, x9, x10, eq
	csel	x1, x9, x10, ne
	csinc	x2, x9, x10, ne
	csinv	x3, x9, x10, ne
	csneg	x4, x9, x10, ne
	cset	x5, eq
	csetm	w6, eq
	csneg	w7, w9, w10, ne
	finish
