	.include "test.inc"
	test	"What is written before a store-release is seen after the load-acquire that reads it"
	cpus	2
	timeout	60000			// ten thousand changes of thread, where CPUs are shared
	expect	x0, 5000
	begin
	mmu_on
	start_cpu 1, second
// Each round: the message, its number by store-release, then the answer by load-acquire.
	adrp	x9, data
	add	x10, x9, #256
	mov	x0, #0
1:	add	x0, x0, #1
	str	x0, [x9, #1024]
	str	x0, [x9, #2048]
	stlr	w0, [x9]
	wait_word x10, w0
	mov	w11, #5000
	cmp	w0, w11
	b.ne	1b
	finish
second:	mmu_on
	adrp	x9, data
	add	x10, x9, #256
	mov	x0, #0
1:	add	x0, x0, #1
	wait_word x9, w0
	ldr	x1, [x9, #2048]
	ldr	x2, [x9, #1024]
	cmp	x1, x0
	ccmp	x2, x0, #0, eq
	b.ne	9f
	stlr	w0, [x10]
	b	1b
9:	finish	1
	.bss
	.balign	4096
data:	.skip	4096
