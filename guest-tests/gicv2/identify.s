	.include "test.inc"
	test	"The Distributor and the CPU interface say GICv2, and how many CPUs there are"
	gic	2
	cpus	3
	begin
	.include "gicv2/gicv2.inc"
	gic_on
	ldr	w0, [x28, #4]			// GICD_TYPER.CPUNumber
	ubfx	w0, w0, #5, #3
	cmp	w0, #2
	fail_if	ne, 1
	ldr	w0, [x27, #0xfc]		// GICC_IIDR.Architecture_version
	ubfx	w0, w0, #16, #4
	cmp	w0, #2
	fail_if	ne, 2
	mrs	x0, id_aa64pfr0_el1		// GIC: no system registers
	ubfx	x0, x0, #24, #4
	cmp	x0, #0
	fail_if	ne, 3
	finish
