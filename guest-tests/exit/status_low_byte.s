	.include "test.inc"
	test	"only the low byte counts"
	expect_exit	5
	begin
	ldr	x0, =EXIT
	ldr	w1, =0x105
	str	w1, [x0]
	b	.
