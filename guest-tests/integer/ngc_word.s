	.include "test.inc"
	test	"NGC negates with the borrow of the word below"
	expect	x0, 0xfffffffe
	expect	x1, 0xffffffff
	begin
	mov	w2, #1
	cmp	wzr, w2
	ngc	w0, w2
	cmp	xzr, xzr
	ngc	w1, w2
	finish
