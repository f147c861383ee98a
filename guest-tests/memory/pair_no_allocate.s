	.include "test.inc"
	test	"LDNP and STNP are pairs like others"
	expect	x0, 5
	expect	x1, 6
	expect	x2, 5
	expect	x3, 6
	expect	v1, 0x00000000000000060000000000000005
	begin
	mov	x9, #5
	mov	x10, #6
	stnp	x9, x10, [sp, #-32]
	ldnp	x0, x1, [sp, #-32]
	stnp	w9, w10, [sp, #-16]
	ldnp	w2, w3, [sp, #-16]
	ldr	q0, [sp, #-32]
	stnp	q0, q0, [sp, #-64]
	ldnp	q1, q2, [sp, #-64]
	finish
