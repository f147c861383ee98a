	.include "test.inc"
	test	"MOVI takes a pending LPI to another CPU, MOVALL all of them"
	gic	3
	cpus	2
	begin
	.include "gic/gic.inc"
	.include "its/its.inc"
	mmu_on
	gic_on
	lpi_config LPI, 0xa1
	lpi_config LPI + 1, 0xa1
	its_on
	start_cpu 1, other
	adr	x9, step
	wait_word x9, #1
	mapc	0, 0
	mapc	1, 1
	mapd	0, 2, ITS_ITT
	b	1f
	.ltorg
1:	mapti	0, 0, LPI, 0
	mapti	0, 1, LPI + 1, 0
	msr	icc_pmr_el1, xzr		// keep it here
	its_int	0, 0
	its_command 0x01, 0, 1			// MOVI to collection 1
	its_sync 1
	adr	x9, step
	wait_word x9, #2
	b	2f
	.ltorg
2:	its_int	0, 1
	its_command 0x0e, 0, 0, 1 << 16		// MOVALL from CPU 0 to 1
	its_sync 1
	adr	x9, step
	wait_word x9, #3
	mov	x0, #0xff
	msr	icc_pmr_el1, x0
	fail_if_pending 1
	finish
	.ltorg

other:	mmu_on
	gic_on
	lpis_on
	adr	x9, step
	mov	w0, #1
	stlr	w0, [x9]
	expect_lpi LPI, 2
	mov	w0, #2
	stlr	w0, [x9]
	expect_lpi LPI + 1, 3
	mov	w0, #3
	stlr	w0, [x9]
	b	.
	.ltorg

	.data
	.balign	4
step:	.word	0
