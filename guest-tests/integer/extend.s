	.include "test.inc"
	test	"SXTB, SXTH, SXTW, UXTB, UXTH"
	expect	x0, 0xffffffffffffff82
	expect	x1, 0xffffffffffff8182
	expect	x2, 0xffffffff80008182
	expect	x3, 0x82
	expect	x4, 0x8182
	expect	x5, 0xffffff82
	begin
	ldr	x9, =0x1234567880008182
	sxtb	x0, w9
	sxth	x1, w9
	sxtw	x2, w9
	uxtb	w3, w9
	uxth	w4, w9
	sxtb	w5, w9
	finish
