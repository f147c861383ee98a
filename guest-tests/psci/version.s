	.include "test.inc"
	test	"PSCI_VERSION is 1.1 or later"
	expect	x0, 1
	expect	x1, 1
	begin
	mov	x0, #0x84000000
	hvc	#0
	lsr	x2, x0, #16
	cmp	x2, #1
	cset	x0, eq
	mov	x1, #1
	finish
