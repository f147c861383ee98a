// With write-back, by a pair, by an atomic or from a vector register, an access has no syndrome that
// tells a hypervisor what to do (DDI 0487, ESR_EL2.ISS.ISV): KVM can not emulate it.
	.include "test.inc"
	test	"a device register is reached by loads with write-back"
	engines	interp, jit
	expect	x4, EXIT + 4
	expect	x5, 0x12345680
	begin
	ldr	x0, =EXIT
	ldr	w1, =0x12345680
	str	w1, [x0, #4]
	add	x4, x0, #8
	ldr	w5, [x4, #-4]!
	finish
