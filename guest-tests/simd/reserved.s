// Reserved combinations of size and Q are UNDEFINED: each takes an exception of EC 0.
	.include "test.inc"
	test	"reserved encodings are UNDEFINED"
	handler	0x200, on_undefined
	expect	x0, 16
	expect	x1, 0				// exceptions of another class
	expect_v	v0, 0, 5
	begin
	mov	x0, #0
	mov	x1, #0
	mov	x2, #5
	movi	v0.2d, #0
	ins	v0.d[0], x2
	.inst	0x0ee28420			// ADD .1D
	.inst	0x4ee29c20			// MUL .2D
	.inst	0x4e22b420			// SQDMULH .16B
	.inst	0x6e629c20			// PMUL .8H
	.inst	0x0f028020			// MUL by element of bytes
	.inst	0x0eb1b820			// ADDV .2S
	.inst	0x6ea00820			// REV32 .4S
	.inst	0x4ee04820			// CLS .2D
	.inst	0x0f7f0420			// SSHR .1D
	.inst	0x0f7f8420			// SHRN from 128-bit elements
	.inst	0x0ec23820			// ZIP1 .1D
	.inst	0x2e024020			// EXT .8B, #8
	.inst	0x0e080420			// DUP .1D
	.inst	0x0e083c20			// UMOV W from D
	.inst	0x0c408c20			// LD2 .1D
	.inst	0x0d404420			// LD1 of H with size 1
	finish

on_undefined:
	mrs	x3, esr_el1
	lsr	x3, x3, #26
	cmp	x3, #0
	cinc	x1, x1, ne
	add	x0, x0, #1
	mrs	x3, elr_el1
	add	x3, x3, #4
	msr	elr_el1, x3
	eret
