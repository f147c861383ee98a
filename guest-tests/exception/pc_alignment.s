	.include "test.inc"
	test	"a branch to an unaligned address is a PC alignment fault"
	expect_exception	0x22, 0x200
	expect	esr_el1, 0x8a000000
	expect	elr_el1, target + 2
	expect	far_el1, target + 2
	begin
	adr	x0, target
	add	x0, x0, #2
	br	x0
target:
	finish	1
