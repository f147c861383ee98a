// The estimates have 8 bits, given by the architecture; two Newton steps make nearly a float of one.
	.include "test.inc"
	test	"FRECPE, FRSQRTE, URECPE, URSQRTE, FRECPX, and the steps FRECPS, FRSQRTS"
	expect	s10, 0x3f2a8000
	expect	s11, 0x3f348000
	expect	v12, 0xaa800000ffffffff
	expect	v13, 0xb4800000ff800000
	expect	s14, 0x40000000
	expect	x15, 0
	expect	s16, 0x40000000
	expect	s17, 0x3fc00000
	expect	d18, 0x3feff00000000000
	begin
	fmov	s0, #1.5
	frecpe	s10, s0
	fmov	s1, #2.0
	frsqrte	s11, s1
	ldr	d2, =0xc00000007fffffff
	urecpe	v12.2s, v2.2s
	ldr	d3, =0x8000000040000000
	ursqrte	v13.2s, v3.2s
	fmov	s4, #1.0
	frecpx	s14, s4
	fmov	s5, s10 // Newton: x = x * (2 - a * x), to within one unit of 1 / 1.5
	.rept	2
	frecps	s6, s5, s0
	fmul	s5, s5, s6
	.endr
	fmov	w15, s5
	mov	w1, #0xaaab
	movk	w1, #0x3f2a, lsl #16
	sub	w15, w15, w1
	add	w15, w15, #1
	lsr	w15, w15, #1
	ldr	s7, =0x7f800000
	fmov	s8, wzr
	frecps	s16, s7, s8
	frsqrts	s17, s7, s8
	fmov	d9, #1.0
	frecpe	d18, d9
	finish
