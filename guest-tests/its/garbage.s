	.include "test.inc"
	test	"Random commands and tables do no harm: the ITS works on afterwards"
	gic	3
	cpus	2
	timeout 60000
	.set	TABLES, 0x42000000
	begin
	.include "gic/gic.inc"
	.include "its/its.inc"
	mmu_on
	gic_on
	ldr	x0, =LPI_CONFIG			// all enabled, of one priority
	ldr	x1, =0xa1a1a1a1a1a1a1a1
	mov	x2, #8192
0:	subs	x2, x2, #8
	str	x1, [x0, x2]
	b.ne	0b
	its_on
	ldr	x20, =0x2545f4914f6cdd1d
	mov	x21, #20000
	mov	x22, #0				// GITS_CWRITER
	ldr	x23, =ITS_QUEUE
	ldr	x25, =TABLES

// A command with operands that are often good: device 0 to 3, event 0 to 15, tables in TABLES.
1:	bl	random
	and	x1, x20, #0xf
	mov	x24, x1
	ubfx	x2, x20, #8, #2
	orr	x1, x1, x2, lsl #32
	add	x3, x23, x22
	str	x1, [x3]
	bl	random
	ubfx	x1, x20, #8, #4
	ubfx	x2, x20, #16, #14
	orr	x1, x1, x2, lsl #32
	str	x1, [x3, #8]
	bl	random
	and	x1, x20, #3			// collection
	ubfx	x2, x20, #16, #2
	orr	x1, x1, x2, lsl #16		// CPU, of which there are fewer
	cmp	x24, #0x08			// MAPD: the table of events
	csel	x2, x25, xzr, eq
	orr	x1, x1, x2
	tst	x20, #(7 << 48)			// mostly valid
	cset	x2, ne
	orr	x1, x1, x2, lsl #63
	str	x1, [x3, #16]
	bl	random
	str	x20, [x3, #24]
	add	x22, x22, #32
	and	x22, x22, #0xfff
// Every so often the whole queue, garbage in the tables, and a place for them that is none.
	tst	x21, #15
	b.ne	3f
	dsb	sy
	str	x22, [x28, #0x88]
	bl	random
	and	x1, x20, #0xff8
	ldr	x2, =ITS_DEVICES
	str	x20, [x2, x1]
	bl	random
	ldr	x2, =ITS_COLLECTIONS
	and	x1, x20, #0x38
	str	x20, [x2, x1]
	bl	random
	and	x1, x20, #0x7f8
	str	x20, [x25, x1]
	tst	x21, #0x3ff
	b.ne	3f
	str	wzr, [x28]
	orr	x1, x20, #(1 << 63)
	str	x1, [x28, #0x80]
	str	x20, [x28, #0x100]
	mov	w1, #1
	str	w1, [x28]
	mov	w1, #0x7e0
	str	w1, [x28, #0x88]
	str	wzr, [x28]
	ldr	x1, =(1 << 63 | ITS_DEVICES)
	str	x1, [x28, #0x100]
	ldr	x1, =(1 << 63 | ITS_QUEUE)
	str	x1, [x28, #0x80]
	mov	w1, #1
	str	w1, [x28]
	mov	x22, #0
3:	mrs	x0, icc_iar1_el1		// whatever came
	msr	icc_eoir1_el1, x0
	subs	x21, x21, #1
	b.ne	1b
	b	4f
	.ltorg

// All from the start.
4:	mov	x0, #0
	bl	lpis_off
	lpi_config LPI + 2, 0x81
	ldr	x1, =(LPI_PENDING + LPI / 8)
	mov	x2, #(65536 / 8 - LPI / 8)
5:	subs	x2, x2, #8
	str	xzr, [x1, x2]
	b.ne	5b
	its_on
	mapc	0, 0
	b	6f
	.ltorg
6:	mapd	1, 2, ITS_ITT
	mapti	1, 2, LPI + 2, 0
	its_inv	1, 2
	its_int	1, 2
	its_sync 0
	expect_lpi LPI + 2, 1
	fail_if_pending 2
	finish
	.ltorg

random:	eor	x20, x20, x20, lsl #13
	eor	x20, x20, x20, lsr #7
	eor	x20, x20, x20, lsl #17
	ret

lpis_off:
	movz	x1, #(GICR >> 16), lsl #16
	str	wzr, [x1]
	dsb	sy
	ret
