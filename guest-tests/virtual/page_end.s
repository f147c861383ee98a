	.include "test.inc"
	test	"In virtual time a run may stop between two pages of code"
	virtual_time
	expect	x0, 42
	expect	x1, 0
	begin
	mov	x1, #100
	b	last
	.balign	4096
page:
	mov	x0, #42             // not reached before the loop is over
	b	done
	.space	4092 - (. - page)
last:
	msr	tpidr_el1, x1       // a run ends behind it, where the timer may have been moved
	subs	x1, x1, #1
	b.ne	last
	b	page
done:
	finish
