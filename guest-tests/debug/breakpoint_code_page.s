// While a page has a breakpoint its instructions are executed one by one: whatever there is, calls,
// loops, tables, a jump out of the page and back, comes to the same result.
	.include "test.inc"
	.include "debug.inc"
	test	"a page with a breakpoint that is not hit runs as it would without"
	expect	x0, 5050
	expect	x1, 120
	expect	x2, 3
	begin
	debug_on MDSCR_MDE + MDSCR_KDE
	breakpoint 1, never, BP_EL1
	b	start
	.balign	4096
start:	mov	x0, #0
	mov	x3, #100
1:	add	x0, x0, x3
	subs	x3, x3, #1
	b.ne	1b
	mov	x1, #5
	bl	factorial
	mov	x2, #0
	adr	x4, table
	mov	x5, #3
2:	sub	x5, x5, #1
	ldr	w6, [x4, x5, lsl #2]
	add	x6, x4, w6, sxtw
	br	x6
c0:	add	x2, x2, #1
	b	far
c1:	add	x2, x2, #1
	b	2b
c2:	add	x2, x2, #1
	b	2b
factorial:
	mov	x7, x1
3:	sub	x7, x7, #1
	cbz	x7, 4f
	mul	x1, x1, x7
	b	3b
4:	ret
table:	.4byte	c0 - table, c1 - table, c2 - table
back:	finish
never:	finish	1
	.balign	4096
far:	b	back
