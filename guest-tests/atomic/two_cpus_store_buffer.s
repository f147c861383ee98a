	.include "test.inc"
	test	"A load-acquire does not pass an older store-release: of two CPUs that store and then look, one sees"
	cpus	2
	timeout	60000			// thousands of changes of thread, where CPUs are shared
	expect	x0, 3000
	begin
	mmu_on
	start_cpu 1, second
	adrp	x9, data
	add	x10, x9, #1024
	add	x11, x9, #2048
	add	x12, x9, #3072
	mov	x0, #0
// Round n: both see the start signal, store n to their own word, load the other's.
1:	add	x0, x0, #1
	stlr	w0, [x12]
	stlr	w0, [x9]
	ldar	w1, [x10]
	wait_word x11, w0
	ldr	w2, [x11, #4]
	cmp	w1, w0
	ccmp	w2, w0, #4, ne
	b.ne	9f
	mov	w3, #3000
	cmp	w0, w3
	b.ne	1b
	finish
9:	finish	1
second:	mmu_on
	adrp	x9, data
	add	x10, x9, #1024
	add	x11, x9, #2048
	add	x12, x9, #3072
	mov	x0, #0
1:	add	x0, x0, #1
	wait_word x12, w0
	stlr	w0, [x10]
	ldar	w2, [x9]
	str	w2, [x11, #4]
	stlr	w0, [x11]
	b	1b
	.bss
	.balign	4096
data:	.skip	4096
