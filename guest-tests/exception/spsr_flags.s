	.include "test.inc"
	test	"an exception saves NZCV and DAIF in SPSR_EL1 and masks all interrupts"
	handler	0x200, on_svc
	expect	x0, 0x60000045
	expect	x1, 0x3c0
	begin
	msr	daifclr, #15
	msr	daifset, #1
	cmp	x0, x0
	svc	#0
on_svc:
	mrs	x0, spsr_el1
	mrs	x1, daif
	finish
