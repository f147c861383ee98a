	.include "test.inc"
	test	"CRC32C of \"123456789\" is 0xe3069283"
	needs	crc32
	expect	x0, 0xe3069283
	begin
	ldr	x9, =0x3837363534333231
	mov	w10, #'9'
	mov	w0, #-1
	crc32cw	w0, w0, w9
	lsr	x9, x9, #32
	crc32ch	w0, w0, w9
	lsr	x9, x9, #16
	crc32cb	w0, w0, w9
	lsr	x9, x9, #8
	crc32cb	w0, w0, w9
	crc32cb	w0, w0, w10
	mvn	w0, w0
	finish
