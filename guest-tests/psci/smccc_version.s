	.include "test.inc"
	test	"SMCCC_VERSION is 1.1 or later"
	expect	x0, 1
	begin
	mov	x0, #0x80000000
	hvc	#0
	ldr	w1, =0x10001
	cmp	w0, w1
	cset	x0, ge
	finish
