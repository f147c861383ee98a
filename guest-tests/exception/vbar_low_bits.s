	.include "test.inc"
	test	"VBAR_EL1 is 2 KiB-aligned: its low bits read as zero"
	expect	x0, 0x12345800
	begin
	mrs	x9, vbar_el1
	ldr	x0, =0x12345fff
	msr	vbar_el1, x0
	mrs	x0, vbar_el1
	msr	vbar_el1, x9
	finish
