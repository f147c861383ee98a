	.include "test.inc"
	test	"RET takes any register, BR too"
	expect	x0, 2
	begin
	mov	x0, #0
	adr	x9, 1f
	ret	x9
	finish	1
1:	add	x0, x0, #1
	adr	x10, 2f
	br	x10
	finish	2
2:	add	x0, x0, #1
	finish
