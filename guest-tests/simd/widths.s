// SSHLL, SADDW, SSUBL, ADDHN and XTN2 go between widths without losing sign or half.
	.include "test.inc"
	test	"between widths"
	expect_v	v1, 0xffffffffffffff80, 0x000000000000007f
	expect_v	v2, 0x0000000000000000, 0x000000000000007f
	expect_v	v3, 0xffffff00ffffff00, 0x000000ff000000ff
	expect_v	v4, 0x0123000001230000, 0x1111111122222222
	expect_v	v5, 0, 0xfffe0001fffe0001
	begin
	ldr	q0, =0xffffff800000007f
	sshll	v1.2d, v0.2s, #0
	ldr	q6, =0x00000080000000000000000000000000
	movi	v2.2d, #0
	sshll2	v7.2d, v6.4s, #0		// 0, 0x80
	add	v2.2d, v1.2d, v7.2d
	ldr	d8, =0x800080007fff7fff
	ldr	d9, =0x810081007f007f00
	ssubl	v3.4s, v8.4h, v9.4h
	ldr	q4, =0x1111111122222222
	ldr	q10, =0x01230000ffffffff01230000ffffffff
	movi	v11.2d, #0
	addhn2	v4.4s, v10.2d, v11.2d
	movi	v12.16b, #0xff
	umull	v13.4s, v12.4h, v12.4h		// fffe0001
	mov	v5.8b, v13.8b
	finish
