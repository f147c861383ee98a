// The devices that are the VMM's own with every engine; those of the GIC are in garbage_gicv*. Each
// register in each size: what is written ends in the device or, where nobody answers, in an abort.
	.include "test.inc"
	test	"Garbage in every register of the UART, the RTC, the GPIO port and virtio does no harm"
	handler	0x200, skip
	begin
	.set	GARBAGE_DEVICES, 1
	.include "devices/garbage.inc"
	garbage
	ldr	x0, =0x09010fe0			// they are still there: PL031, PL061, PL011
	ldr	w1, [x0]
	cmp	w1, #0x31
	fail_if	ne, 1
	ldr	x0, =0x09030fe0
	ldr	w1, [x0]
	cmp	w1, #0x61
	fail_if	ne, 2
	ldr	x0, =UART + 0xfe0
	ldr	w1, [x0]
	cmp	w1, #0x11
	fail_if	ne, 3
	finish
