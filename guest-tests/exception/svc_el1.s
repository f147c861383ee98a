	.include "test.inc"
	test	"SVC at EL1 goes to the vector of the current EL with SP_ELx"
	handler	0x200, on_svc
	expect	x0, 0x56001234
	expect	x1, after
	begin
	svc	#0x1234
after:
	finish	1
on_svc:
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	finish
