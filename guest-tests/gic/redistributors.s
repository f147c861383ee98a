	.include "test.inc"
	test	"Each Redistributor carries its CPU's affinity, and the last one says so"
	gic	3
	cpus	3
	begin
	.include "gic/gic.inc"
	movz	x9, #(GICR >> 16), lsl #16
	mov	x10, #0
1:	ldr	x0, [x9, #8]			// GICR_TYPER
	lsr	x1, x0, #32
	cmp	x1, x10
	fail_if	ne, 1
	ubfx	x1, x0, #8, #16			// Processor_Number
	cmp	x1, x10
	fail_if	ne, 2
	cmp	x10, #2
	cset	x1, eq
	ubfx	x2, x0, #4, #1			// Last
	cmp	x1, x2
	fail_if	ne, 3
	add	x9, x9, #0x20000
	add	x10, x10, #1
	cmp	x10, #3
	b.ne	1b
	finish
