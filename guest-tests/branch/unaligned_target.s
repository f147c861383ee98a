	.include "test.inc"
	test	"A branch to an address that is not a multiple of 4 is a PC alignment fault there"
	expect	x0, 0x8a000000
	expect	x1, here + 2
	expect	x2, here + 2
	handler 0x200, on_fault
	begin
	adr	x9, here
	add	x9, x9, #2
	br	x9
here:	finish	1
on_fault:
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	finish
