	.include "test.inc"
	test	"A store with writeback of its own base stores some value and writes back"
	expect	x0, 16
	begin
	sub	x9, sp, #64
	mov	x10, x9
	.inst	0xf8010d29	// str x9, [x9, #16]!
	sub	x0, x9, x10
	finish
