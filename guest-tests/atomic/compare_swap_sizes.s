	.include "test.inc"
	test	"CASB, CASH and CAS of words compare and store their own bytes, and zero-extend"
	needs	lse
	expect	x0, 0x88
	expect	x1, 0x5566
	expect	x2, 0x11223344
	expect	x3, 0x77
	expect	x4, 0xeeeeeeeebbbb77aa
	begin
	mmu_on
	adrp	x9, word
	ldr	x0, =0xffffffffffffff88
	mov	w10, #0xaa
	casb	w0, w10, [x9]			// equal: the upper bits do not count
	ldr	x1, =0x1234567800005566
	mov	w10, #0xbbbb
	add	x11, x9, #2
	cash	w1, w10, [x11]			// equal
	ldr	x2, =0xffffffff11223344
	mov	w10, #0xeeeeeeee
	add	x11, x9, #4
	cas	w2, w10, [x11]			// equal
	mov	w3, #0x78
	add	x11, x9, #1
	casb	w3, w10, [x11]			// not equal
	ldr	x4, [x9]
	finish
	.data
	.balign	4096
word:	.8byte	0x1122334455667788
