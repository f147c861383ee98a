	.include "test.inc"
	test	"The Distributor is a GICv3 with affinity routing, one security state and SPIs"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	movz	x9, #(GICD >> 16), lsl #16
	mov	x1, #0xffe8
	ldr	w0, [x9, x1]			// GICD_PIDR2.ArchRev
	ubfx	w0, w0, #4, #4
	cmp	w0, #3
	fail_if	ne, 1
	ldr	w0, [x9]			// GICD_CTLR: DS, ARE and Group 1
	mov	w1, #0x52
	bics	wzr, w1, w0
	fail_if	ne, 2
	ldr	w0, [x9, #4]			// GICD_TYPER.ITLinesNumber
	ands	w0, w0, #0x1f
	fail_if	eq, 3
	mrs	x0, icc_sre_el1
	tbz	x0, #0, 1f
	finish
1:	finish	4
