// FRINT*: 2.5 and -0.5 in every direction; only FRINTX says that it was inexact.
	.include "test.inc"
	test	"FRINTN, P, M, Z, A, I, X"
	expect	s10, 0x40000000
	expect	s11, 0x40400000
	expect	s12, 0x40000000
	expect	s13, 0x40000000
	expect	s14, 0x40400000
	expect	s15, 0x40400000
	expect	d20, 0x8000000000000000
	expect	d21, 0x8000000000000000
	expect	d22, 0xbff0000000000000
	expect	d23, 0xbff0000000000000
	expect	x10, 0
	expect	s16, 0x40400000
	expect	x11, 0x10
	expect	v24, 0x40400000c000000040000000c0400000
	begin
	fmov	s0, #2.5
	fmov	d1, #-0.5
	frintn	s10, s0
	frintp	s11, s0
	frintm	s12, s0
	frintz	s13, s0
	frinta	s14, s0
	mov	x0, #(1 << 22) // towards plus infinity
	msr	fpcr, x0
	frinti	s15, s0
	msr	fpcr, xzr
	frintn	d20, d1
	frintp	d21, d1
	frintm	d22, d1
	frinta	d23, d1
	mrs	x10, fpsr
	msr	fpcr, x0
	frintx	s16, s0
	mrs	x11, fpsr
	ldr	q2, =0x40600000c0000000400ccccdc0600000 // 3.5, -2, 2.2, -3.5
	frintz	v24.4s, v2.4s
	finish
