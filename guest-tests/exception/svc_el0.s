	.include "test.inc"
	test	"SVC at EL0 goes to the vector of a lower EL, and ERET comes back"
	handler	0x400, on_svc
	expect	x0, 0x56000007
	expect	x1, 0
	expect	x2, 2
	begin
	enter_el0	user
user:
	svc	#7
	mov	x2, #2
	finish
on_svc:
	mrs	x0, esr_el1
	mrs	x1, spsr_el1
	eret
