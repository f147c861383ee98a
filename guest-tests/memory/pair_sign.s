	.include "test.inc"
	test	"LDPSW sign-extends both words, in all three modes"
	expect	x0, 0xffffffff80000000
	expect	x1, 0x7fffffff
	expect	x2, 0xffffffffffffffff
	expect	x3, 1
	expect	x9, data + 16
	begin
	adr	x9, data
	ldpsw	x0, x1, [x9], #8
	ldpsw	x2, x3, [x9, #0]
	ldpsw	x4, xzr, [x9, #8]!
	finish
	.balign	8
data:	.4byte	0x80000000, 0x7fffffff, 0xffffffff, 1, 2, 3
