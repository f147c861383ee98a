// Chapter 12: a test that is wrong on purpose, to see what a failure looks like. (The name begins with
// an underscore, so that `make check-guest` leaves it alone.)
	.include "test.inc"
	test	"7 * 6 is 43"
	expect	x0, 43
	expect_uart "forty-three\n"
	begin
	mov	x1, #7
	mov	x2, #6
	mul	x0, x1, x2
	puts	"forty-two\n"
	finish
