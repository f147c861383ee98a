	.include "test.inc"
	test	"Branches change no flag and no register but the link"
	expect	nzcv, 0b1010
	expect	x30, after
	begin
	mov	x9, #0xa0000000
	msr	nzcv, x9
	cbz	xzr, 1f
1:	tbnz	x9, #31, 2f
2:	b.mi	3f
3:	bl	4f
after:	finish	1
4:	finish
