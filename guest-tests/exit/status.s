	.include "test.inc"
	test	"the byte written to the exit device is the status"
	expect_exit	42
	begin
	ldr	x0, =EXIT
	mov	w1, #42
	str	w1, [x0]
	b	.
