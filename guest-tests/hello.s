// The smallest guest: prints a line and ends with status 0. As hello.elf and hello.bin it is also the
// first thing to try with `god run --binary`.
	.include "test.inc"
	test	"hello prints its line"
	expect_uart "Hello, world!\n"
	begin
	puts	"Hello, world!\n"
	finish
