	.include "test.inc"
	test	"BRK reports its immediate, and ELR is the BRK itself"
	expect_exception	0x3c, 0x200
	expect	esr_el1, 0xf200beef
	expect	elr_el1, at
	begin
at:
	brk	#0xbeef
	finish	1
