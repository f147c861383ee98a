	.include "test.inc"
	test	"B.cond takes every condition for all values of the flags as the Arm ARM lists them"
	expect	x1, 0
	expect	x2, 16
	begin
// x3 points to one half-word for each NZCV: bit n is set when condition n holds.
	adr	x3, table
	mov	x2, #0
	mov	x1, #0
next:	lsl	x4, x2, #28
	ldrh	w5, [x3], #2
	mov	x6, #0
	msr	nzcv, x4
	.irp	cond, eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le, al, nv
	b.\cond	1f
	b	2f
1:	orr	x6, x6, #0x10000
2:	lsr	x6, x6, #1
	.endr
	eor	x6, x6, x5
	orr	x1, x1, x6
	add	x2, x2, #1
	tbz	x2, #4, next
	finish
	.balign	4
table:	.2byte	0xd6aa, 0xea6a, 0xd5a6, 0xe966, 0xe6a9, 0xea69, 0xe6a5, 0xea65
	.2byte	0xea9a, 0xd65a, 0xe996, 0xd556, 0xea99, 0xe659, 0xea95, 0xe655
