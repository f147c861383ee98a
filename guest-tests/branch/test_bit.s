	.include "test.inc"
	test	"TBZ and TBNZ at bits 0, 31, 32 and 63"
	expect	x0, 4
	begin
	ldr	x9, =0x8000000080000000
	mov	x0, #0
	tbnz	x9, #0, 9f
	tbz	x9, #31, 9f
	add	x0, x0, #1
	tbnz	w9, #31, 1f
9:	finish	1
1:	add	x0, x0, #1
	tbnz	x9, #32, 9b
	tbz	x9, #32, 2f
	finish	2
2:	add	x0, x0, #1
	tbz	x9, #63, 9b
	tbnz	x9, #63, 3f
	finish	3
3:	add	x0, x0, #1
	finish
