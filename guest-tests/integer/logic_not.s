	.include "test.inc"
	test	"BIC, ORN and EON use the complement of the second operand"
	expect	x0, 0xf0
	expect	x1, 0xfffffffffffffff0
	expect	x2, 0xfffffffffffffff0
	expect	x3, 0xfffffff0
	begin
	mov	x8, #0xff
	mov	x9, #0x0f
	bic	x0, x8, x9
	mvn	x1, x9
	eon	x2, x8, x9, lsl #4
	orn	w3, wzr, w9
	finish
