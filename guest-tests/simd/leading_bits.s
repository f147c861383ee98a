// CLZ and CLS per element, of zero and of minus one too.
	.include "test.inc"
	test	"CLZ and CLS"
	expect_v	v1, 0x0000002000000000, 0x0000000100000011
	expect_v	v2, 0x0000001f0000001f, 0x0000000000000010
	expect_v	v3, 0, 0x0807060504030201
	begin
	ldr	q0, =0x00000000ffffffff4000000000007fff
	clz	v1.4s, v0.4s
	cls	v2.4s, v0.4s
	ldr	d4, =0x000103070f1f3f7f
	clz	v3.8b, v4.8b
	finish
