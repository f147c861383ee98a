	.include "test.inc"
	test	"ADDS sets V when two positives overflow, and finish keeps all"
	expect	x0, 0x8000000000000000
	expect	x1, 0x123456789abcdef0
	expect	w1, 0x9abcdef0
	expect	x30, here
	expect	nzcv, 0b1001
	expect	v3, 0x000102030405060708090a0b0c0d0e0f
	expect	d3, 0x08090a0b0c0d0e0f
	expect_uart "done, \"really\"\n"
	begin
	mov	x0, #0x7fffffffffffffff
	ldr	x1, =0x123456789abcdef0
	ldr	q3, =0x000102030405060708090a0b0c0d0e0f
	adr	x30, here
here:	adds	x0, x0, #1
	puts	"done, \"really\"\n"
	finish
