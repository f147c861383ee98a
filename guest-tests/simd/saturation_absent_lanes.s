// Lanes that the 64-bit and the scalar form do not have neither saturate nor survive.
	.include "test.inc"
	test	"absent lanes set no QC"
	expect	fpsr, 0
	expect_v	v2, 0, 0x0202020202020202
	expect_v	v3, 0, 0x02
	expect_v	v4, 0, 0x01
	begin
	ldr	q0, =0x7f7f7f7f7f7f7f7f0101010101010101
	mov	v1.16b, v0.16b
	sqadd	v2.8b, v0.8b, v1.8b
	ldr	q5, =0x7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f01
	mov	v6.16b, v5.16b
	sqadd	b3, b5, b6
	ldr	q7, =0x7f7f7f7f7f7f7f7f7f7f7f7f7f7f0001
	sqxtn	b4, h7
	finish
