	.include "test.inc"
	test	"32-bit SUBS looks at the low words alone and zero-extends its result"
	expect	x0, 0x80000000
	expect	nzcv, 0b1001
	begin
	ldr	x1, =0xffffffff7fffffff
	ldr	x2, =0x00000000ffffffff
	subs	w0, w1, w2
	finish
