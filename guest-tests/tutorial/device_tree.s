// Chapter 07: what a kernel does first. x0 has the device tree's address; a flattened tree begins
// with 0xd00dfeed and its size, big-endian (Devicetree Specification, 5.2). Its string block holds
// the name of each property: look for one.
	.include "test.inc"
	test	"x0 leads to a device tree"
	expect	w1, 0xd00dfeed
	expect	x4, 0
	expect	x6, 1
	begin
	ldr	w1, [x0]
	rev	w1, w1				// magic
	ldr	w2, [x0, #4]
	rev	w2, w2				// totalsize
	and	x4, x0, #7			// 8-byte aligned, as the protocol asks
	add	x3, x0, x2			// end
	adr	x5, name
	ldr	w5, [x5]
	mov	x6, #0
1:	ldrb	w7, [x0], #1			// "hvc\0", byte by byte: RAM is Device memory here
	ldrb	w8, [x0]
	ldrb	w10, [x0, #1]
	ldrb	w11, [x0, #2]
	orr	w7, w7, w8, lsl #8
	orr	w7, w7, w10, lsl #16
	orr	w7, w7, w11, lsl #24
	cmp	w7, w5
	cinc	x6, x6, eq
	sub	x9, x3, #4
	cmp	x0, x9
	b.ls	1b
	finish
	.balign	4
name:	.asciz	"hvc"
