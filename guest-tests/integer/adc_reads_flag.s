	.include "test.inc"
	test	"ADC adds the carry and leaves the flags alone"
	expect	x0, 4
	expect	x1, 3
	expect	nzcv, 0b1000
	begin
	mov	x2, #1
	cmp	xzr, xzr
	adc	x0, x2, x2
	add	x0, x0, x2
	cmp	xzr, x2
	adc	x1, x2, x2
	add	x1, x1, x2
	finish
