// The page branched to is one that EL1 executes as well: nothing that is remembered of it there may
// serve for the unaligned address.
	.include "test.inc"
	test	"at EL0 a branch to an unaligned address is a PC alignment fault, each time"
	expect	x19, 0
	expect	x21, 0x8a000000
	handler	0x400, el0_sync
	begin
	mmu_on
	mov	x19, #100
	enter_el0	user

user:
	adr	x20, function
	add	x20, x20, #1
again:
	br	x20

el0_sync:
	mrs	x21, esr_el1
	mov	x0, #0x8a000000
	cmp	x21, x0
	fail_if	ne, 1
	mrs	x0, far_el1
	cmp	x0, x20
	fail_if	ne, 2
	bl	function
	subs	x19, x19, #1
	b.eq	done
	adr	x0, again
	msr	elr_el1, x0
	eret
done:
	finish

	.balign	4096
function:
	ret
