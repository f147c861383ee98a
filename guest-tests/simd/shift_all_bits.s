// A right shift by an immediate may be by all bits of the element.
	.include "test.inc"
	test	"shifts by the size of the element"
	expect_v	v1, 0xffffffffffffffff, 0
	expect_v	v2, 0, 0
	expect_v	v3, 0, 0
	expect_v	v4, 1, 0
	expect_v	v5, 0x8000000000000000, 0x7fffffffffffffff
	expect_v	v6, 0x7fffffffffffffff, 0x7fffffffffffffff
	begin
	ldr	q0, =0x80000000000000007fffffffffffffff
	sshr	v1.2d, v0.2d, #64
	ushr	v2.2d, v0.2d, #64
	srshr	v3.2d, v0.2d, #64
	urshr	v4.2d, v0.2d, #64
	mov	v5.16b, v0.16b
	sri	v5.2d, v1.2d, #64		// inserts no bit
	mov	v6.16b, v0.16b
	ssra	v6.2d, v0.2d, #64		// adds 0 or -1
	finish
