	.include "test.inc"
	test	"a device's registers are reached by a load and a store of a pair"
	engines	interp, jit			// KVM can not emulate it: no syndrome
	expect	x5, 0x12345680
	expect	x6, 0x12345680
	expect	x8, 0xabcd
	begin
	ldr	x0, =EXIT
	add	x1, x0, #4
	ldr	w5, =0x12345680
	str	w5, [x1]
	ldp	w6, w7, [x1]			// 0x29401c26
	mov	w2, #0xabcd
	stp	w2, wzr, [x1]
	ldr	w8, [x1]
	finish
