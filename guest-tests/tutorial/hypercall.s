// Chapter 01: the two ways out on purpose. HVC asks what stands below EL1; the answer here is PSCI
// (Arm DEN 0022): PSCI_VERSION gives major version in [31:16], and an unknown function gives -1.
	.include "test.inc"
	test	"HVC reaches the hypervisor and comes back with an answer"
	expect	x19, 1
	expect	x0, -1
	begin
	mov	w0, #0x84000000			// PSCI_VERSION
	hvc	#0
	lsr	x19, x0, #16
	movz	w0, #0x8400, lsl #16		// a function that PSCI does not have
	movk	w0, #0x001e
	hvc	#0
	finish
