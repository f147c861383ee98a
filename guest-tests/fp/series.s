// A loop of a thousand divisions and additions: sum of 1 / k^2, in double and in single.
	.include "test.inc"
	test	"sum of 1/k^2 for k from 1 to 1000, to the last bit"
	expect	d0, 0x3ffa4d8e550a946e
	expect	s1, 0x3fd26c75
	expect	fpsr, 0x10
	begin
	fmov	d0, xzr
	fmov	s1, wzr
	fmov	d2, #1.0
	fmov	s3, #1.0
	mov	w0, #1
1:	scvtf	d4, w0
	scvtf	s5, w0
	fmul	d4, d4, d4
	fmul	s5, s5, s5
	fdiv	d4, d2, d4
	fdiv	s5, s3, s5
	fadd	d0, d0, d4
	fadd	s1, s1, s5
	add	w0, w0, #1
	cmp	w0, #1000
	b.le	1b
	finish
