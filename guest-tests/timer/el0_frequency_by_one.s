	.include "test.inc"
	test	"Either counter's enable bit lets EL0 read CNTFRQ_EL0"
	handler	0x400, on_svc
	begin
	mrs	x10, cntfrq_el0
	mov	x11, #0
	mov	x0, #1				// EL0PCTEN
	msr	cntkctl_el1, x0
	isb
	enter_el0 user
user:	mrs	x0, cntfrq_el0
	cmp	x0, x10
	fail_if	ne, 1
	svc	#0

on_svc:	cbnz	x11, 1f
	mov	x11, #1
	mov	x0, #2				// EL0VCTEN
	msr	cntkctl_el1, x0
	isb
	enter_el0 user
1:	mrs	x0, esr_el1
	lsr	x0, x0, #26
	cmp	x0, #0x15			// the second SVC, not a trap
	fail_if	ne, 2
	finish
