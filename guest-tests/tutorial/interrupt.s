// Chapter 05: one interrupt from its wire to its end. The exit device drives SPI 8 (INTID 40) as it
// is told to by its LINES register (0x10). Level-sensitive: the handler must make the device let go
// before it says that it is done, or the interrupt comes again at once.
	.include "test.inc"
	test	"an interrupt is taken, served and ended"
	gic	3
	.set	INTID, 40
	.set	LINES, 0x10
	expect	x20, INTID
	expect	x21, 1
	handler	0x280, on_irq
	begin
	.include "gic/gic.inc"
	gic_on
	interrupt INTID
	mov	x21, #0
	ldr	x19, =EXIT
	mov	w0, #1
	str	w0, [x19, #LINES]		// the wire goes up
	msr	daifclr, #2			// and the CPU listens
1:	cbz	x21, 1b
	msr	daifset, #2
	fail_if_pending 1
	finish

on_irq:	mrs	x20, icc_iar1_el1		// acknowledge: which one?
	str	wzr, [x19, #LINES]		// serve the device: the wire goes down
	dsb	sy
	msr	icc_eoir1_el1, x20		// end
	add	x21, x21, #1
	eret
