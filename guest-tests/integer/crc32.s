	.include "test.inc"
	test	"CRC32 of \"123456789\" is 0xcbf43926"
	needs	crc32
	expect	x0, 0xcbf43926
	expect	x1, 0xcbf43926
	begin
	ldr	x9, =0x3837363534333231
	mov	w10, #'9'
	mov	w0, #-1
	crc32x	w0, w0, x9
	crc32b	w0, w0, w10
	mvn	w0, w0
	mov	w1, #-1
	crc32w	w1, w1, w9
	lsr	x9, x9, #32
	crc32h	w1, w1, w9
	lsr	x9, x9, #16
	crc32h	w1, w1, w9
	crc32b	w1, w1, w10
	mvn	w1, w1
	finish
