	.include "test.inc"
	test	"a fault in a handler overwrites ELR and SPSR: the outer ones must be saved, and can be"
	handler	0x200, on_sync
	expect	x0, 2
	expect	x1, 1
	begin
	mov	x0, #0
	mov	x1, #0
	svc	#1
	mov	x1, #1
	finish
on_sync:
	add	x0, x0, #1
	cmp	x0, #1
	b.ne	1f
	mrs	x10, elr_el1
	mrs	x11, spsr_el1
	svc	#2
	msr	elr_el1, x10
	msr	spsr_el1, x11
1:
	eret
