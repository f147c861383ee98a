// FCVT to general registers: the direction is in the instruction, not in FPCR.
	.include "test.inc"
	test	"FCVTN, P, M, Z, A, signed and unsigned, of 2.5 and -2.5"
	expect	x10, 2
	expect	x11, 3
	expect	x12, 2
	expect	x13, 2
	expect	x14, 3
	expect	x15, 0xfffffffe
	expect	x16, 0xfffffffffffffffe
	expect	x17, 0xfffffffd
	expect	x18, 0xfffffffffffffffe
	expect	x19, 0xfffffffffffffffd
	expect	x20, 3
	expect	x21, 3
	expect	fpsr, 0x10
	begin
	mov	x0, #(3 << 22)
	msr	fpcr, x0
	fmov	s0, #2.5
	fmov	d1, #-2.5
	fcvtns	w10, s0
	fcvtps	w11, s0
	fcvtms	x12, s0
	fcvtzs	x13, s0
	fcvtas	w14, s0
	fcvtns	w15, d1
	fcvtps	x16, d1
	fcvtms	w17, d1
	fcvtzs	x18, d1
	fcvtas	x19, d1
	fcvtau	x20, s0
	fcvtpu	w21, s0
	finish
