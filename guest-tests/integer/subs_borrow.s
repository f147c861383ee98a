	.include "test.inc"
	test	"SUBS clears C on a borrow: the flag is NOT borrow"
	expect	x0, 0xffffffffffffffff
	expect	nzcv, 0b1000
	begin
	mov	x1, #5
	subs	x0, x1, #6
	finish
