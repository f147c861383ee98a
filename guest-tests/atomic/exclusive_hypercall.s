	.include "test.inc"
	test	"A hypercall clears the reservation"
	expect	x0, 1
	begin
	mmu_on
	adrp	x9, word
	ldxr	x11, [x9]
	mov	x0, #0x84000000		// PSCI_VERSION: the hypervisor returns by ERET
	hvc	#0
	stxr	w0, x9, [x9]
	finish
	.bss
	.balign	4096
word:	.skip	64
