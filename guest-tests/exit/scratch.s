	.include "test.inc"
	test	"SCRATCH keeps a word, ID says GOD!, CPUS how many there are"
	cpus	2
	expect	x1, 0xdeadbeef
	expect	x2, 0x21444f47
	expect	x3, 2
	begin
	ldr	x0, =EXIT
	ldr	w1, =0xdeadbeef
	str	w1, [x0, #4]
	mov	w1, #0
	ldr	w1, [x0, #4]
	ldr	w2, [x0, #8]
	ldr	w3, [x0, #12]
	finish
