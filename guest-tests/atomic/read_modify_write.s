	.include "test.inc"
	test	"LDADD, LDCLR, LDEOR and LDSET give the old value back; ST forms drop it"
	needs	lse
	expect	x0, 10
	expect	x1, 15
	expect	x2, 9
	expect	x3, 0xf9
	expect	x4, 0x8000000000000000
	begin
	mmu_on
	adrp	x9, word
	mov	x10, #5
	ldadd	x10, x0, [x9]
	mov	x10, #6
	ldclral	x10, x1, [x9]
	mov	x10, #0xf0
	ldeora	x10, x2, [x9]
	mov	x10, #0x100
	ldsetl	x10, x3, [x9]
	neg	x10, x10
	stadd	x10, [x9]
	stset	xzr, [x9]
	mov	x10, #0xf9
	steor	x10, [x9]
	mov	x10, #0x8000000000000000
	stset	x10, [x9]
	ldr	x4, [x9]
	finish
	.data
	.balign	4096
word:	.8byte	10
