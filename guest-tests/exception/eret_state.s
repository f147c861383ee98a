	.include "test.inc"
	test	"ERET restores NZCV, DAIF and the stack pointer selection"
	expect	x0, 0x90000000
	expect	x1, 0x140
	expect	x2, 0
	begin
	adr	x3, target
	msr	elr_el1, x3
	ldr	x3, =0x90000144
	msr	spsr_el1, x3
	eret
target:
	mrs	x0, nzcv
	mrs	x1, daif
	mrs	x2, spsel
	msr	spsel, #1
	finish
