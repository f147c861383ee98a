	.include "test.inc"
	test	"the reserved identification space reads as zero"
	expect	x0, 0
	expect	x1, 0
	begin
	mov	x0, #1
	mov	x1, #1
	mrs	x0, s3_0_c0_c7_7
	mrs	x1, s3_0_c0_c4_7
	finish
