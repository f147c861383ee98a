// Tables of one to four registers, V31 before V0; an index outside gives 0, or leaves the byte.
	.include "test.inc"
	test	"TBL and TBX of four registers"
	expect_v	v4, 0x0000000000000000, 0x003f302f201f100f
	expect_v	v5, 0xeeeeeeeeeeeeeeee, 0xee3f302f201f100f
	expect_v	v6, 0, 0x00000000001f100f
	expect_v	v7, 0, 0xeeeeee2f201f100f
	begin
	adr	x1, table
	ld1	{v30.16b}, [x1], #16
	ld1	{v31.16b}, [x1], #16
	ld1	{v0.16b}, [x1], #16
	ld1	{v1.16b}, [x1], #16
	ld1	{v2.16b}, [x1]
	movi	v5.16b, #0xee
	mov	v7.16b, v5.16b
	tbl	v4.16b, {v30.16b, v31.16b, v0.16b, v1.16b}, v2.16b
	tbx	v5.16b, {v30.16b, v31.16b, v0.16b, v1.16b}, v2.16b
	tbl	v6.8b, {v30.16b, v31.16b}, v2.8b
	tbx	v7.8b, {v30.16b, v31.16b, v0.16b}, v2.8b
	finish

	.section .rodata
	.balign	16
table:	.set	n, 0
	.rept	64
	.byte	n
	.set	n, n + 1
	.endr
	.byte	15, 16, 31, 32, 47, 48, 63, 64, 255, 128, 127, 80, 96, 112, 144, 240
