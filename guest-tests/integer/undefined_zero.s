	.include "test.inc"
	test	"The word 0 (UDF #0) is UNDEFINED, at EL0 too, and ELR is its own address"
	expect	x0, here
	expect	x1, 0x2000000
	handler 0x400, on_undefined
	begin
	mmu_on
	enter_el0 user
user:
here:	.inst	0
	finish	1
on_undefined:
	mrs	x0, elr_el1
	mrs	x1, esr_el1
	finish
