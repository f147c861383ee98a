	.include "test.inc"
	test	"In virtual time the counter counts instructions, whatever they are"
	virtual_time
	handler	0x200, on_svc
	expect	x10, 1				// nothing between
	expect	x11, 4				// three instructions
	expect	x12, 1 + 20 * 2			// a loop: the branches count as well
	expect	x13, 1 + 2 + 1 + 3		// MRS; ISB, SVC; the exception; b on_svc, NOP, ERET
	expect	x14, 2				// a device
	begin
	mrs	x0, cntvct_el0
	mrs	x1, cntvct_el0
	sub	x10, x1, x0

	mrs	x0, cntvct_el0
	nop
	dmb	sy
	fmov	d0, #1.0
	mrs	x1, cntvct_el0
	sub	x11, x1, x0

	mov	x2, #20
	mrs	x0, cntvct_el0
1:	sub	x2, x2, #1
	cbnz	x2, 1b
	mrs	x1, cntvct_el0
	sub	x12, x1, x0

	mrs	x0, cntvct_el0
	isb
	svc	#0
	mrs	x1, cntvct_el0
	sub	x13, x1, x0

	ldr	x3, =UART
	mrs	x0, cntvct_el0
	ldr	w4, [x3, #0x18]
	mrs	x1, cntvct_el0
	sub	x14, x1, x0
	finish

on_svc:	nop
	eret
