	.include "test.inc"
	test	"a load from a device sign-extends to the width of its register"
	engines	interp, jit		// Linux's KVM (6.12) cuts the value to the access's size again
	expect	x1, 0xffffffffffffffef
	expect	x2, 0xffffffffffffcdef
	expect	x3, 0xffffffff89abcdef
	expect	x4, 0xffffffef
	expect	x5, 0xffffcdef
	expect	x6, 0x21
	begin
	.irp	n, 1, 2, 3, 4, 5, 6
	mov	x\n, #-1
	.endr
	ldr	x0, =EXIT
	ldr	w23, =0x89abcdef
	str	w23, [x0, #4]
	ldrsb	x1, [x0, #4]
	ldrsh	x2, [x0, #4]
	ldrsw	x3, [x0, #4]
	ldrsb	w4, [x0, #4]
	ldrsh	w5, [x0, #4]
	ldr	w23, =0x87654321
	str	w23, [x0, #4]
	ldrsb	x6, [x0, #4]
	finish
