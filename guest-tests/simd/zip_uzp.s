// UZP1 and UZP2 undo ZIP1 and ZIP2, for each size, in both lengths.
	.include "test.inc"
	test	"UZP undoes ZIP"
	expect	x0, 0
	begin
	adr	x1, bytes
	ld1	{v0.16b, v1.16b}, [x1]
	movi	v31.16b, #0

	.macro	there_and_back shape, whole
	zip1	v2.\shape, v0.\shape, v1.\shape
	zip2	v3.\shape, v0.\shape, v1.\shape
	uzp1	v4.\shape, v2.\shape, v3.\shape
	uzp2	v5.\shape, v2.\shape, v3.\shape
	eor	v4.\whole, v4.\whole, v0.\whole
	eor	v5.\whole, v5.\whole, v1.\whole
	orr	v31.16b, v31.16b, v4.16b
	orr	v31.16b, v31.16b, v5.16b
	.endm
	there_and_back	16b, 16b
	there_and_back	8h, 16b
	there_and_back	4s, 16b
	there_and_back	2d, 16b
	there_and_back	8b, 8b
	there_and_back	4h, 8b
	there_and_back	2s, 8b
	umaxv	b31, v31.16b
	umov	w0, v31.b[0]
	finish

	.section .rodata
	.balign	16
bytes:	.set	n, 0
	.rept	32
	.byte	n
	.set	n, n + 1
	.endr
