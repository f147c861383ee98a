	.include "test.inc"
	test	"ADR is relative to the instruction, ADRP to its page, forwards and backwards"
	expect	x0, here
	expect	x1, ahead
	expect	x2, page
	expect	x3, page + 4096
	expect	x4, page - 4096
	begin
	b	here
	.balign	4096
page:	.skip	64
here:	adr	x0, here
	adr	x1, ahead
	adrp	x2, here
	adrp	x3, ahead
	adrp	x4, page - 4096
	finish
	.skip	4096
ahead:	nop
