	.include "test.inc"
	test	"SMULH and UMULH differ by the signs"
	expect	x0, 0xfffffffffffffffe
	expect	x1, 0
	expect	x2, 1
	begin
	mov	x9, #-1
	umulh	x0, x9, x9
	smulh	x1, x9, x9
	mul	x2, x9, x9
	finish
