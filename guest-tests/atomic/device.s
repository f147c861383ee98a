	.include "test.inc"
	test	"An LSE atomic on a device is an unsupported atomic access"
	engines	interp, jit		// KVM can not emulate it: no syndrome
	needs	lse
	expect	x0, 0x35
	expect	x1, UART
	handler 0x200, on_fault
	begin
	mmu_on
	mov	x9, #UART
	ldadd	w10, w11, [x9]
	finish	1
on_fault:
	mrs	x0, esr_el1
	and	x0, x0, #0x3f
	mrs	x1, far_el1
	finish
