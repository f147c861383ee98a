	.include "test.inc"
	test	"BL and BLR leave the return address in x30; BLR x30 reads its target first"
	expect	x0, 0b111
	expect	x1, back1
	expect	x2, back2
	expect	x3, back3
	begin
	mov	x0, #0
	bl	one
back1:	adr	x9, two
	blr	x9
back2:	adr	x30, three
	blr	x30
back3:	finish
one:	orr	x0, x0, #1
	mov	x1, x30
	ret
two:	orr	x0, x0, #2
	mov	x2, x30
	ret
three:	orr	x0, x0, #4
	mov	x3, x30
	ret
