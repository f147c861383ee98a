	.include "test.inc"
	test	"software step executes one instruction of EL0 at a time"
	handler	0x400, on_step
	expect	x0, 3
	expect	x1, 3
	expect	x2, 0xca000022
	begin
	msr	oslar_el1, xzr
	mov	x5, #1
	msr	mdscr_el1, x5
	isb
	mov	x0, #0
	mov	x1, #0
	enter_el0	user, 0x200000
user:
	add	x0, x0, #1
	add	x0, x0, #1
	add	x0, x0, #1
	add	x0, x0, #1
	finish	1
on_step:
	add	x1, x1, #1
	mrs	x2, esr_el1
	cmp	x1, #3
	b.eq	1f
	mrs	x3, spsr_el1
	orr	x3, x3, #0x200000
	msr	spsr_el1, x3
	eret
1:
	// ISV is set, EX is not.
	msr	mdscr_el1, xzr
	bic	x2, x2, #0x1000000
	finish
