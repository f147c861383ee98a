// KVM gets no syndrome for a load with writeback and cannot emulate it: software engines alone.
	.include "test.inc"
	test	"a device register is reached by a load with writeback"
	engines	interp, jit
	expect	x4, 0x090f0004
	expect	x5, 0x12345680
	begin
	ldr	x0, =EXIT
	ldr	w1, =0x12345680
	str	w1, [x0, #4]
	add	x4, x0, #8
	ldr	w5, [x4, #-4]!
	finish
