	.include "test.inc"
	test	"start_cpu starts another CPU, which can end the test"
	cpus	2
	expect	x0, 1
	expect	sp, stacks + 4 * STACK_SIZE
	expect_uart "one\n"
	begin
	start_cpu 1, second
	cmp	x0, #0
	fail_if	ne, 1
	adr	x1, ready
	wait_word x1, #1
	finish	2
second:
	puts	"one\n"
	finish
	.data
	.balign	4
ready:	.4byte	0
