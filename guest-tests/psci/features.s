	.include "test.inc"
	test	"PSCI_FEATURES knows what there is, and NOT_SUPPORTED what there is not"
	expect	x5, 0
	expect	x6, -1
	begin
	movz	x0, #0x8400, lsl #16
	movk	x0, #0x000a
	movz	x1, #0xc400, lsl #16
	movk	x1, #0x0003
	hvc	#0
	mov	w5, w0
	movz	x0, #0x8400, lsl #16
	movk	x0, #0x000a
	movz	x1, #0x8400, lsl #16
	movk	x1, #0x00ff
	hvc	#0
	sxtw	x6, w0
	finish
