	.include "test.inc"
	test	"LDAPR loads each size, zero-extended"
	needs	lrcpc
	expect	x10, 0x88
	expect	x11, 0x7788
	expect	x12, 0x55667788
	expect	x13, 0x1122334455667788
	begin
	mmu_on
	mov	x10, #-1
	mov	x11, #-1
	mov	x12, #-1
	adr	x0, data
	ldaprb	w10, [x0]
	ldaprh	w11, [x0]
	ldapr	w12, [x0]
	ldapr	x13, [x0]
	finish
	.balign	8
data:	.8byte	0x1122334455667788
