	.include "test.inc"
	test	"SMADDL, SMSUBL, UMADDL, UMSUBL multiply words into a doubleword"
	expect	x0, 0xfffffffe00000002
	expect	x1, 2
	expect	x2, 0
	expect	x3, 0x0000000200000000
	begin
	mov	x9, #0xffffffff
	mov	x10, #1
	umaddl	x0, w9, w9, x10
	smaddl	x1, w9, w9, x10
	smsubl	x2, w9, w9, x10
	umsubl	x3, w9, w9, x10
	finish
