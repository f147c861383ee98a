// A number printed in hexadecimal: nibbles interleaved, and looked up in a table.
	.include "test.inc"
	test	"TBL prints hexadecimal"
	expect_uart	"0123456789abcdef\n"
	begin
	ldr	x0, =0x0123456789abcdef
	fmov	d0, x0
	rev64	v0.8b, v0.8b
	ushr	v1.8b, v0.8b, #4
	movi	v2.8b, #15
	and	v0.8b, v0.8b, v2.8b
	zip1	v0.16b, v1.16b, v0.16b
	adr	x1, digits
	ld1	{v2.16b}, [x1]
	tbl	v0.16b, {v2.16b}, v0.16b
	adrp	x2, text
	add	x2, x2, :lo12:text
	st1	{v0.16b}, [x2]
	mov	x29, x2
	bl	uart_puts
	finish

	.section .rodata
digits:	.ascii	"0123456789abcdef"
	.data
text:	.asciz	"................\n"
