	.include "test.inc"
	.include "mmu.inc"
	test	"an exception sets PSTATE.PAN when SCTLR_EL1.SPAN is clear"
	needs	pan
	handler	0x400, on_svc
	expect	x1, 0x400000
	begin
	mmu_on
	mrs	x0, sctlr_el1
	and	x0, x0, #~(1 << 23)
	msr	sctlr_el1, x0
	isb
	enter_el0	user
user:
	svc	#0
on_svc:
	.arch	armv8.2-a
	mrs	x1, pan
	msr	pan, #0
	finish
