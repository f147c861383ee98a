	.include "test.inc"
	test	"an exception at EL1 with SP_EL0 goes to the first group of vectors and selects SP_EL1"
	handler	0x000, on_svc
	expect	x0, 1
	expect	x1, 0x3c4
	begin
	msr	spsel, #0
	svc	#0
on_svc:
	mrs	x0, spsel
	mrs	x1, spsr_el1
	finish
