	.include "test.inc"
	test	"SP_EL0 is not reached by name while it is the stack pointer"
	handler	0x000, on_undefined
	expect	x0, 0x02000000
	begin
	msr	spsel, #0
	mrs	x1, sp_el0
	finish	1
on_undefined:
	mrs	x0, esr_el1
	finish
