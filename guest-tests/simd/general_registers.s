// Elements to and from general registers, XZR included; SP is not reachable here.
	.include "test.inc"
	test	"UMOV, SMOV, INS and DUP"
	expect	x1, 0x80
	expect	x2, 0xffffff80
	expect	x3, 0xffffffffffffff80
	expect	x4, 0xffffffff80000000
	expect	x5, 0x8000000000000080
	expect_v	v1, 0x12ff34ff56ff78ff, 0x0000000000000000
	expect_v	v2, 0x1278127812781278, 0x1278127812781278
	expect_v	v3, 0, 0
	begin
	ldr	q0, =0x80000000000000800000000000000000
	umov	w1, v0.b[8]
	smov	w2, v0.b[8]
	smov	x3, v0.b[8]
	smov	x4, v0.s[3]
	umov	x5, v0.d[1]
	movi	v1.16b, #0xff
	mov	w6, #0x78
	ins	v1.b[9], w6
	mov	w6, #0x56
	ins	v1.b[11], w6
	mov	w6, #0x34
	ins	v1.b[13], w6
	mov	w6, #0x12
	ins	v1.b[15], w6
	ins	v1.d[0], xzr
	mov	w6, #0x1278
	dup	v2.8h, w6
	movi	v3.16b, #0xff
	dup	v3.2d, xzr
	finish
