// The sum of absolute differences, as motion search has it, and the same by ABD.
	.include "test.inc"
	test	"UABAL and UABD agree"
	expect	x0, 2040
	expect	x1, 2040
	expect	x2, 255
	begin
	ldr	q0, =0xff00ff00ff00ff00ff00ff00ff00ff00
	ldr	q1, =0xffff0000ffff0000ffff0000ffff0000
	movi	v2.8h, #0
	uabal	v2.8h, v0.8b, v1.8b
	uabal2	v2.8h, v0.16b, v1.16b
	uaddlv	s3, v2.8h
	fmov	w0, s3
	uabd	v4.16b, v0.16b, v1.16b
	uaddlv	h3, v4.16b
	umov	w1, v3.h[0]
	umaxv	b3, v4.16b
	umov	w2, v3.b[0]
	finish
