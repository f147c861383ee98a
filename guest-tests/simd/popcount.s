// All bits of a kilobyte counted: CNT of bytes, sums kept in halfwords, then across.
	.include "test.inc"
	test	"CNT, UADALP and ADDV count bits"
	expect	x0, 4096
	begin
	movz	x1, #0x4100, lsl #16
	mov	x2, #0
1:	strb	w2, [x1, x2]			// every byte value four times: 4 bits each on average
	add	x2, x2, #1
	cmp	x2, #1024
	b.ne	1b
	movi	v1.8h, #0
	mov	x2, #64
2:	ld1	{v0.16b}, [x1], #16
	cnt	v0.16b, v0.16b
	uadalp	v1.8h, v0.16b
	subs	x2, x2, #1
	b.ne	2b
	addv	h0, v1.8h
	umov	w0, v0.h[0]
	finish
