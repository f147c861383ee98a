	.include "test.inc"
	test	"SP_EL0 and SP_EL1 are two registers, selected by SPSel"
	expect	x0, 0x1000
	expect	x1, 0x2000
	expect	x2, 0x1000
	begin
	mov	x9, sp
	mov	x3, #0x1000
	msr	sp_el0, x3
	mov	x3, #0x2000
	mov	sp, x3
	msr	spsel, #0
	mov	x0, sp
	msr	spsel, #1
	mov	x1, sp
	mrs	x2, sp_el0
	mov	sp, x9
	finish
