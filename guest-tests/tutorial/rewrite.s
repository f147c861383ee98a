// Chapter 11: a loop that is hot, is rewritten, and gets hot again, twenty times over: the number in its
// ADD is one more each time. The code that rewrites it is on the same page.
	.include "test.inc"
	test	"code that was hot and is rewritten does what it says now"
	expect	x0, 100 * (20 * 21 / 2)
	begin
	mov	x0, #0
	mov	x1, #20
again:	mov	x2, #100
patch:	add	x0, x0, #1
	subs	x2, x2, #1
	b.ne	patch
	adr	x3, patch
	ldr	w4, [x3]
	add	w4, w4, #(1 << 10)		// imm12 is in bits 21 to 10
	str	w4, [x3]
	dc	cvau, x3			// to where instructions are fetched from
	dsb	ish
	ic	ivau, x3			// and what was fetched is stale
	dsb	ish
	isb
	subs	x1, x1, #1
	b.ne	again
	finish
