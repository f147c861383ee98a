	.include "test.inc"
	test	"GICD_PIDR2.ArchRev says GICv2"
	engines	interp, jit		// KVM's GICv2 has no identification registers in GICD
	gic	2
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	ldr	w0, [x28, #0xfe8]
	ubfx	w0, w0, #4, #4
	cmp	w0, #2
	fail_if	ne, 1
	finish
