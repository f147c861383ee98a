// FPSR.QC: set by an element that saturates, kept by what follows, cleared by MSR alone.
	.include "test.inc"
	test	"QC is set by saturation and cumulative"
	expect	x1, 0
	expect	x2, 0x08000000
	expect	x3, 0x08000000
	expect	x4, 0
	expect_v	v2, 0x7f7f7f7f7f7f7f7f, 0x7f7f7f7f7f7f7f7f
	begin
	movi	v0.16b, #0x7e
	movi	v1.16b, #1
	sqadd	v2.16b, v0.16b, v1.16b		// 0x7f: just fits
	mrs	x1, fpsr
	sqadd	v2.16b, v2.16b, v1.16b
	mrs	x2, fpsr
	sqadd	v3.16b, v0.16b, v1.16b
	mrs	x3, fpsr
	msr	fpsr, xzr
	uqadd	v3.16b, v0.16b, v1.16b
	mrs	x4, fpsr
	finish
