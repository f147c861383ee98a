	.include "test.inc"
	test	"BFI, BFXIL and BFC replace a field and keep the rest"
	expect	x0, 0xffffffffff0abcff
	expect	x1, 0xfffffffffffffabc
	expect	x2, 0xffff00ff
	expect	x3, 0x7fffffffffffffff
	begin
	mov	x9, #0xabc
	mov	x0, #-1
	bfi	x0, x9, #8, #16
	mov	x1, #-1
	lsl	x10, x9, #20
	bfxil	x1, x10, #20, #12
	mov	w2, #-1
	bfi	w2, wzr, #8, #8
	mov	x3, #-1
	bfi	x3, xzr, #63, #1
	finish
