	.include "test.inc"
	test	"LDUR and STUR: signed byte offsets, not scaled"
	expect	x0, 0x08070605
	expect	x1, 0x04
	expect	x2, 0xffffffffffff9988
	begin
	mmu_on
	adr	x9, data
	add	x10, x9, #256
	ldur	w0, [x10, #-252]
	ldurb	w1, [x10, #-253]
	sub	x10, x9, #247
	ldursh	x2, [x10, #255]
	finish
	.balign	8
data:	.8byte	0x0807060504030201, 0x9988
