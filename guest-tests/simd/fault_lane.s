// LD1R and a lane load from nowhere: the vector registers keep what they had.
	.include "test.inc"
	test	"lane loads that fault change nothing"
	handler	0x200, on_abort
	expect	x0, 2
	expect	x1, 0x60000000
	expect_v	v0, 0xeeeeeeeeeeeeeeee, 0xeeeeeeeeeeeeeeee
	expect_v	v1, 0xeeeeeeeeeeeeeeee, 0xeeeeeeeeeeeeeeee
	begin
	mmu_on
	movi	v0.16b, #0xee
	mov	v1.16b, v0.16b
	mov	x0, #0
	movz	x1, #0x6000, lsl #16
	ld1r	{v0.2s}, [x1], #4
	ld2	{v0.d, v1.d}[1], [x1], #16
	finish

on_abort:
	add	x0, x0, #1
	mrs	x2, elr_el1
	add	x2, x2, #4
	msr	elr_el1, x2
	eret
