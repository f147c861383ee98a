	.include "test.inc"
	test	"a stepped SVC is complete: its exception comes first, and SPSR_EL1.SS is clear"
	handler	0x400, on_sync
	expect	x0, 0x56000009
	expect	x1, 0
	begin
	msr	oslar_el1, xzr
	mov	x5, #1
	msr	mdscr_el1, x5
	isb
	enter_el0	user, 0x200000
user:
	svc	#9
	finish	1
on_sync:
	msr	mdscr_el1, xzr
	mrs	x0, esr_el1
	mrs	x1, spsr_el1
	and	x1, x1, #0x200000
	finish
