	.include "test.inc"
	test	"mmu_on, enter_el0 and handler work together, and a test can finish at EL0"
	expect	x0, 3
	expect	sp, stacks + STACK_SIZE
	expect_uart "el1\nel0\nhandler\nel0 again\n"
	handler 0x400, on_svc
	begin
	puts	"el1\n"
	mmu_on
	enter_el0 user
user:
	puts	"el0\n"
	svc	#3
	puts	"el0 again\n"
	finish
on_svc:
	puts	"handler\n"
	mrs	x0, esr_el1
	and	x0, x0, #0xffff
	eret
