	.include "test.inc"
	test	"With nothing pending, acknowledging returns 1023 and changes nothing"
	gic	3
	begin
	.include "gic/gic.inc"
	gic_on
	mrs	x0, icc_iar1_el1
	cmp	x0, #SPURIOUS
	fail_if	ne, 1
	msr	icc_eoir1_el1, x0
	mrs	x0, icc_iar0_el1
	cmp	x0, #SPURIOUS
	fail_if	ne, 2
	mrs	x0, icc_hppir1_el1
	cmp	x0, #SPURIOUS
	fail_if	ne, 3
	mrs	x0, icc_rpr_el1
	cmp	x0, #0xff
	fail_if	ne, 4
	mrs	x0, icc_ap1r0_el1
	cbz	x0, 1f
	finish	5
1:	finish
