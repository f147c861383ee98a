	.include "test.inc"
	test	"The second operand is shifted by LSL, LSR, ASR and, for logic, ROR"
	expect	x0, 0x8000000000000000
	expect	x1, 1
	expect	x2, 0xffffffffffffffff
	expect	x3, 0x8000000000000000
	expect	x4, 0x80000000
	expect	x5, 0xffffffff
	begin
	mov	x9, #1
	mov	x10, #0x8000000000000000
	mov	w11, #0x80000000
	add	x0, xzr, x9, lsl #63
	add	x1, xzr, x10, lsr #63
	add	x2, xzr, x10, asr #63
	orr	x3, xzr, x9, ror #1
	orr	w4, wzr, w9, ror #1
	sub	w5, wzr, w11, lsr #31
	finish
