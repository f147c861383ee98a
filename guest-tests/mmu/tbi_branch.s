	.include "test.inc"
	.include "mmu.inc"
	test	"with TCR_EL1.TBI0 a branch drops the top byte"
	expect	x1, 1
	expect	x2, here
	begin
	mmu_on
	mrs	x2, tcr_el1
	orr	x2, x2, #(1 << 37)
	msr	tcr_el1, x2
	isb
	adr	x0, here
	movk	x0, #0x7f00, lsl #48
	br	x0
	finish	1
here:
	adr	x2, .
	mov	x1, #1
	finish
