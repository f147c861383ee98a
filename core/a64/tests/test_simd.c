/*
 * The AdvSIMD integer instructions, one at a time, against results worked out by hand: where carries,
 * saturation, rounding, halves and the zeroing of what a form does not write can go wrong.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "core/a64/access.h"
#include "core/a64/decode.h"
#include "core/a64/fp.h"

#define Q(high, low)               \
	{                          \
		.d = { low, high } \
	}

/* An instruction of v0 (destination), v1 and v2. */
struct row {
	const char *text;
	uint32_t word;
	union a64_vreg d, n, m, expected;
	bool saturates;
};

static const struct row rows[] = {
	/* Sums and differences: each element alone, no carry into the next */
	{"add v0.16b, v1.16b, v2.16b", 0x4e228420, Q(0, 0), Q(0xff00ff00ff00ff, 0x8080808080808080),
	 Q(0x1000100010001, 0x8080808080808080), Q(0, 0), false},
	{"add v0.8h, v1.8h, v2.8h", 0x4e628420, Q(0, 0), Q(0xffff0001ffff0001, 0x8000800080008000),
	 Q(0x1ffff00010001, 0x8000800080008001), Q(0x2, 0x1), false},
	{"add v0.2d, v1.2d, v2.2d", 0x4ee28420, Q(0, 0), Q(0xffffffffffffffff, 0x1), Q(0x1, 0x2),
	 Q(0, 0x3), false},
	{"sub v0.4s, v1.4s, v2.4s", 0x6ea28420, Q(0, 0), Q(0x80000000, 0x500000000),
	 Q(0x100000001, 0x700000000), Q(0xffffffff7fffffff, 0xfffffffe00000000), false},
	{"mul v0.8h, v1.8h, v2.8h", 0x4e629c20, Q(0, 0), Q(0xffffffff80000100, 0x3000500070009),
	 Q(0xffff000200020100, 0x2000200020002), Q(0x1fffe00000000, 0x6000a000e0012), false},
	{"mla v0.4s, v1.4s, v2.4s", 0x4ea29420, Q(0x100000001, 0xffffffff00000000),
	 Q(0x200000003, 0x100010000), Q(0x400000005, 0x100010000), Q(0x900000010, 0), false},
	{"mls v0.4s, v1.4s, v2.4s", 0x6ea29420, Q(0x100000010, 0), Q(0x200000003, 0x100000000),
	 Q(0x400000005, 0x100000000), Q(0xfffffff900000001, 0xffffffff00000000), false},
	{"mul v0.4s, v1.4s, v2.s[3]", 0x4fa28820, Q(0, 0), Q(0x100000002, 0x300000004),
	 Q(0xa0000000b, 0xc0000000d), Q(0xa00000014, 0x1e00000028), false},
	{"pmul v0.16b, v1.16b, v2.16b", 0x6e229c20, Q(0, 0), Q(0, 0x3ff), Q(0, 0x3ff), Q(0, 0x555),
	 false},
	/* Halving keeps the bit that a sum would lose */
	{"shadd v0.16b, v1.16b, v2.16b", 0x4e220420, Q(0, 0),
	 Q(0x8080808080808080, 0x7f7f7f7f7f7f7f7f), Q(0x8080808080808080, 0x7f7f7f7f7f7f7e7d),
	 Q(0x8080808080808080, 0x7f7f7f7f7f7f7e7e), false},
	{"urhadd v0.4s, v1.4s, v2.4s", 0x6ea21420, Q(0, 0), Q(0xffffffffffffffff, 0x1),
	 Q(0xffffffff00000000, 0x100000001), Q(0xffffffff80000000, 0x100000001), false},
	{"uhsub v0.4s, v1.4s, v2.4s", 0x6ea22420, Q(0, 0), Q(0x5, 0xffffffff00000000),
	 Q(0x100000002, 0), Q(0xffffffff00000001, 0x7fffffff00000000), false},
	{"shsub v0.4s, v1.4s, v2.4s", 0x4ea22420, Q(0, 0),
	 Q(0x8000000000000003, 0x7fffffff00000000), Q(0x7fffffff00000000, 0x8000000000000001),
	 Q(0x8000000000000001, 0x7fffffffffffffff), false},
	{"sabd v0.16b, v1.16b, v2.16b", 0x4e227420, Q(0, 0), Q(0x8000000000000000, 0),
	 Q(0x7f01000000000000, 0xff), Q(0xff01000000000000, 0x1), false},
	{"uaba v0.16b, v1.16b, v2.16b", 0x6e227c20, Q(0x100000000000000, 0),
	 Q(0x8000000000000000, 0), Q(0x7f01000000000000, 0xff), Q(0x201000000000000, 0xff), false},
	/* Saturation at both ends, and none just before */
	{"sqadd v0.16b, v1.16b, v2.16b", 0x4e220c20, Q(0, 0), Q(0, 0x807f), Q(0, 0xff01),
	 Q(0, 0x807f), true},
	{"sqadd v0.16b, v1.16b, v2.16b", 0x4e220c20, Q(0, 0), Q(0, 0x817e), Q(0, 0xff01),
	 Q(0, 0x807f), false},
	{"uqadd v0.2d, v1.2d, v2.2d", 0x6ee20c20, Q(0, 0), Q(0xfffffffffffffffe, 0), Q(0x2, 0),
	 Q(0xffffffffffffffff, 0), true},
	{"sqsub v0.2d, v1.2d, v2.2d", 0x4ee22c20, Q(0, 0), Q(0x8000000000000000, 0),
	 Q(0x1, 0x8000000000000000), Q(0x8000000000000000, 0x7fffffffffffffff), true},
	{"uqsub v0.8h, v1.8h, v2.8h", 0x6e622c20, Q(0, 0), Q(0, 0x1000200030004),
	 Q(0, 0x1000300020004), Q(0, 0x10000), true},
	{"suqadd v0.16b, v1.16b", 0x4e203820, Q(0, 0x807f), Q(0, 0xff01), Q(0, 0), Q(0, 0x7f7f),
	 true},
	{"usqadd v0.16b, v1.16b", 0x6e203820, Q(0, 0xff0005), Q(0, 0x1fffb), Q(0, 0),
	 Q(0, 0xff0000), true},
	{"sqabs v0.4s, v1.4s", 0x4ea07820, Q(0, 0), Q(0x8000000080000001, 0x7fffffffffffffff),
	 Q(0, 0), Q(0x7fffffff7fffffff, 0x7fffffff00000001), true},
	{"abs v0.4s, v1.4s", 0x4ea0b820, Q(0, 0), Q(0x8000000080000001, 0x7fffffffffffffff),
	 Q(0, 0), Q(0x800000007fffffff, 0x7fffffff00000001), false},
	{"sqneg v0.2d, v1.2d", 0x6ee07820, Q(0, 0), Q(0x8000000000000000, 0x1), Q(0, 0),
	 Q(0x7fffffffffffffff, 0xffffffffffffffff), true},
	{"sqdmulh v0.8h, v1.8h, v2.8h", 0x4e62b420, Q(0, 0), Q(0, 0x800080007fff),
	 Q(0, 0x800000017fff), Q(0, 0x7fffffff7ffe), true},
	{"sqrdmulh v0.4s, v1.4s, v2.4s", 0x6ea2b420, Q(0, 0), Q(0, 0x4000000080000000),
	 Q(0, 0x180000000), Q(0, 0x17fffffff), true},
	{"sqdmull v0.2d, v1.2s, v2.2s", 0x0ea2d020, Q(0, 0), Q(0, 0x8000000080000000),
	 Q(0, 0x800000007fffffff), Q(0x7fffffffffffffff, 0x8000000100000000), true},
	{"sqdmlal v0.4s, v1.4h, v2.4h", 0x0e629020, Q(0x7fffffff00000000, 0x180000000),
	 Q(0, 0x1000080008000), Q(0, 0x1000080000000), Q(0x7fffffff00000000, 0x7fffffff80000000),
	 true},
	{"sqdmlsl2 v0.2d, v1.4s, v2.4s", 0x4ea2b020, Q(0x8000000000000000, 0), Q(0x180000000, 0),
	 Q(0x180000000, 0), Q(0x8000000000000000, 0x8000000000000001), true},
	/* A saturating lane that the form does not have sets no flag */
	{"sqadd v0.8b, v1.8b, v2.8b", 0x0e220c20, Q(0, 0), Q(0x7f00000000000000, 0x1),
	 Q(0x100000000000000, 0x1), Q(0, 0x2), false},
	{"sqadd b0, b1, b2", 0x5e220c20, Q(0xffffffffffffffff, 0xffffffffffffffff), Q(0, 0x7f01),
	 Q(0, 0x7f01), Q(0, 0x2), false},
	{"sqadd b0, b1, b2", 0x5e220c20, Q(0xffffffffffffffff, 0xffffffffffffffff), Q(0, 0x7f),
	 Q(0, 0x1), Q(0, 0x7f), true},
	{"sqdmull s0, h1, h2", 0x5e62d020, Q(0, 0), Q(0, 0x80000003), Q(0, 0x80000005), Q(0, 0x1e),
	 false},
	{"sqxtn b0, h1", 0x5e214820, Q(0xffffffffffffffff, 0xffffffffffffffff), Q(0, 0x7fff0080),
	 Q(0, 0), Q(0, 0x7f), true},
	/* Comparisons */
	{"cmgt v0.4s, v1.4s, v2.4s", 0x4ea23420, Q(0, 0), Q(0x8000000000000001, 0),
	 Q(0x7fffffff00000000, 0), Q(0xffffffff, 0), false},
	{"cmhi v0.4s, v1.4s, v2.4s", 0x6ea23420, Q(0, 0), Q(0x8000000000000001, 0),
	 Q(0x7fffffff00000000, 0), Q(0xffffffffffffffff, 0), false},
	{"cmeq v0.16b, v1.16b, v2.16b", 0x6e228c20, Q(0, 0), Q(0x1020304050607, 0x8090a0b0c0d0e0f),
	 Q(0x1020004050607, 0x8090a0b0c0d0e00), Q(0xffffff00ffffffff, 0xffffffffffffff00), false},
	{"cmtst v0.8h, v1.8h, v2.8h", 0x4e628c20, Q(0, 0),
	 Q(0x8000000100000f00, 0xffff000100020004), Q(0x8000000200000ff0, 0x1000100020003),
	 Q(0xffff00000000ffff, 0xffffffffffff0000), false},
	{"cmle v0.2d, v1.2d, #0", 0x6ee09820, Q(0, 0), Q(0, 0x1), Q(0, 0), Q(0xffffffffffffffff, 0),
	 false},
	{"cmge d0, d1, d2", 0x5ee23c20, Q(0xffffffffffffffff, 0), Q(0, 0x8000000000000000),
	 Q(0, 0x8000000000000000), Q(0, 0xffffffffffffffff), false},
	{"smaxp v0.4s, v1.4s, v2.4s", 0x4ea2a420, Q(0, 0), Q(0x100000002, 0x8000000000000003),
	 Q(0x700000006, 0xffffffff80000000), Q(0x7ffffffff, 0x200000003), false},
	{"umaxp v0.8b, v1.8b, v2.8b", 0x2e22a420, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0xffffffffffffffff, 0x102030405060708), Q(0xffffffffffffffff, 0xf1f2f3f4f5f6f7f8),
	 Q(0, 0xf2f4f6f802040608), false},
	{"addp v0.2d, v1.2d, v2.2d", 0x4ee2bc20, Q(0, 0), Q(0x1, 0x2), Q(0x10, 0x20), Q(0x30, 0x3),
	 false},
	{"addp d0, v1.2d", 0x5ef1b820, Q(0xffffffffffffffff, 0xffffffffffffffff), Q(0x1, 0x2),
	 Q(0, 0), Q(0, 0x3), false},
	/* Shifts by a register: only its low byte counts, and it is signed */
	{"sshl v0.4s, v1.4s, v2.4s", 0x4ea24420, Q(0, 0), Q(0x8000000080000000, 0x8000000000000001),
	 Q(0xff000000e0, 0x8000000120), Q(0xc0000000ffffffff, 0xffffffff00000000), false},
	{"ushl v0.4s, v1.4s, v2.4s", 0x6ea24420, Q(0, 0), Q(0x8000000080000000, 0x8000000000000001),
	 Q(0xff000000e0, 0x8000000104), Q(0x4000000000000000, 0x10), false},
	{"srshl v0.4s, v1.4s, v2.4s", 0x4ea25420, Q(0, 0), Q(0x8000000080000000, 0x300000003),
	 Q(0xe0000000df, 0xff000000fe), Q(0, 0x200000001), false},
	{"urshl v0.2d, v1.2d, v2.2d", 0x6ee25420, Q(0, 0),
	 Q(0x8000000000000000, 0xffffffffffffffff), Q(0xc0, 0xff), Q(0x1, 0x8000000000000000),
	 false},
	{"sqshl v0.8h, v1.8h, v2.8h", 0x4e624c20, Q(0, 0), Q(0, 0x4000c000ffff0001),
	 Q(0, 0x10001000f0010), Q(0, 0x7fff800080007fff), true},
	{"sqshl v0.8h, v1.8h, v2.8h", 0x4e624c20, Q(0, 0), Q(0, 0x3fffc00000008000),
	 Q(0, 0x10001007f0080), Q(0, 0x7ffe80000000ffff), false},
	{"uqrshl v0.16b, v1.16b, v2.16b", 0x6e225c20, Q(0, 0), Q(0, 0xff80017f), Q(0, 0xf8f70801),
	 Q(0, 0x100fffe), true},
	/* Shifts by an immediate, up to all bits */
	{"sshr v0.2d, v1.2d, #64", 0x4f400420, Q(0, 0), Q(0x8000000000000000, 0x7fffffffffffffff),
	 Q(0, 0), Q(0xffffffffffffffff, 0), false},
	{"ushr v0.2d, v1.2d, #64", 0x6f400420, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0xffffffffffffffff, 0x7fffffffffffffff), Q(0, 0), Q(0, 0), false},
	{"urshr v0.2d, v1.2d, #64", 0x6f402420, Q(0, 0), Q(0x8000000000000000, 0x7fffffffffffffff),
	 Q(0, 0), Q(0x1, 0), false},
	{"srsra v0.16b, v1.16b, #8", 0x4f083420, Q(0x101010101010101, 0x101010101010101),
	 Q(0x80ff7f0000000000, 0), Q(0, 0), Q(0x101010101010101, 0x101010101010101), false},
	{"usra v0.16b, v1.16b, #1", 0x6f0f1420, Q(0x101010101010101, 0x101010101010101),
	 Q(0xfe00000000000000, 0), Q(0, 0), Q(0x8001010101010101, 0x101010101010101), false},
	{"sri v0.4s, v1.4s, #32", 0x6f204420, Q(0x123456789abcdef, 0x123456789abcdef),
	 Q(0xffffffffffffffff, 0xffffffffffffffff), Q(0, 0),
	 Q(0x123456789abcdef, 0x123456789abcdef), false},
	{"sri v0.4s, v1.4s, #8", 0x6f384420, Q(0xffffffffffffffff, 0), Q(0, 0xffffffffffffffff),
	 Q(0, 0), Q(0xff000000ff000000, 0xffffff00ffffff), false},
	{"sli v0.8h, v1.8h, #4", 0x6f145420, Q(0xffffffffffffffff, 0), Q(0, 0xffffffffffffffff),
	 Q(0, 0), Q(0xf000f000f000f, 0xfff0fff0fff0fff0), false},
	{"sqshlu v0.4s, v1.4s, #1", 0x6f216420, Q(0, 0), Q(0x7fffffffffffffff, 0x8000000000000001),
	 Q(0, 0), Q(0xfffffffe00000000, 0x2), true},
	{"uqshl v0.2d, v1.2d, #63", 0x6f7f7420, Q(0, 0), Q(0x1, 0x2), Q(0, 0),
	 Q(0x8000000000000000, 0xffffffffffffffff), true},
	/* Narrowing writes the lower half and zeroes the upper, or the upper alone */
	{"xtn v0.4h, v1.4s", 0x0e612820, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0x1111222233334444, 0x5555666677778888), Q(0, 0), Q(0, 0x2222444466668888), false},
	{"xtn2 v0.8h, v1.4s", 0x4e612820, Q(0xffffffffffffffff, 0x123456789abcdef),
	 Q(0x1111222233334444, 0x5555666677778888), Q(0, 0),
	 Q(0x2222444466668888, 0x123456789abcdef), false},
	{"sqxtun v0.8b, v1.8h", 0x2e212820, Q(0, 0), Q(0xffff010000ff0000, 0x8000000100020003),
	 Q(0, 0), Q(0, 0xffff0000010203), true},
	{"uqxtn v0.2s, v1.2d", 0x2ea14820, Q(0, 0), Q(0xffffffffffffffff, 0xffffffff), Q(0, 0),
	 Q(0, 0xffffffffffffffff), true},
	{"shrn v0.8b, v1.8h, #4", 0x0f0c8420, Q(0, 0), Q(0xff0000ff0ff00000, 0x1230456078900120),
	 Q(0, 0), Q(0, 0xf00fff0023568912), false},
	{"rshrn v0.2s, v1.2d, #32", 0x0f208c20, Q(0, 0), Q(0x80000000, 0xffffffff80000000), Q(0, 0),
	 Q(0, 0x100000000), false},
	{"sqrshrn v0.2s, v1.2d, #32", 0x0f209c20, Q(0, 0),
	 Q(0x7fffffff80000000, 0x8000000000000000), Q(0, 0), Q(0, 0x7fffffff80000000), true},
	{"sqrshrun v0.2s, v1.2d, #1", 0x2f3f8c20, Q(0, 0), Q(0xffffffffffffffff, 0x3), Q(0, 0),
	 Q(0, 0x2), false},
	{"raddhn v0.8b, v1.8h, v2.8h", 0x2e224020, Q(0, 0), Q(0xff007f00800000, 0),
	 Q(0x1000000000000, 0xff80), Q(0, 0x100010000000000), false},
	{"addhn2 v0.16b, v1.8h, v2.8h", 0x4e224020, Q(0, 0x123456789abcdef), Q(0xff007f00800000, 0),
	 Q(0x1000000000000, 0xff80), Q(0x1000000000000ff, 0x123456789abcdef), false},
	/* Widening takes the lower or the upper half */
	{"saddl v0.8h, v1.8b, v2.8b", 0x0e220020, Q(0, 0),
	 Q(0x1111111111111111, 0x80ff7f0001020304), Q(0x101010101010101, 0x80017f00fffefdfc),
	 Q(0xff00000000fe0000, 0), false},
	{"uaddw2 v0.8h, v1.8h, v2.16b", 0x6e221020, Q(0, 0), Q(0xffff000000000000, 0x1),
	 Q(0xff00000000000002, 0xffffffffffffffff), Q(0xfe000000000000, 0x3), false},
	{"umull2 v0.2d, v1.4s, v2.4s", 0x6ea2c020, Q(0, 0), Q(0xffffffff00000002, 0),
	 Q(0xffffffff00000003, 0x1111111111111111), Q(0xfffffffe00000001, 0x6), false},
	{"smlsl v0.4s, v1.4h, v2.h[7]", 0x0f726820, Q(0, 0), Q(0x1111111111111111, 0x1ffff80000000),
	 Q(0x8000000000000000, 0), Q(0x8000ffff8000, 0xc000000000000000), false},
	{"pmull v0.8h, v1.8b, v2.8b", 0x0e22e020, Q(0, 0), Q(0xffffffffffffffff, 0x3ff),
	 Q(0xffffffffffffffff, 0x3ff), Q(0, 0x55555), false},
	{"sshll2 v0.2d, v1.4s, #31", 0x4f3fa420, Q(0, 0), Q(0x8000000000000001, 0xffffffffffffffff),
	 Q(0, 0), Q(0xc000000000000000, 0x80000000), false},
	{"shll v0.8h, v1.8b, #8", 0x2e213820, Q(0, 0), Q(0, 0xff00000000000001), Q(0, 0),
	 Q(0xff00000000000000, 0x100), false},
	{"uadalp v0.1d, v1.2s", 0x2ea06820, Q(0xffffffffffffffff, 0x1),
	 Q(0xffffffffffffffff, 0xffffffffffffffff), Q(0, 0), Q(0, 0x1ffffffff), false},
	{"saddlp v0.4h, v1.8b", 0x0e202820, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0, 0x8080ff017f7f0000), Q(0, 0), Q(0, 0xff00000000fe0000), false},
	/* Across lanes */
	{"addv b0, v1.16b", 0x4e31b820, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0x1010101010101010, 0x1010101010101011), Q(0, 0), Q(0, 0x1), false},
	{"saddlv h0, v1.8b", 0x0e303820, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0xffffffffffffffff, 0x80808080808080ff), Q(0, 0), Q(0, 0xfc7f), false},
	{"uaddlv d0, v1.4s", 0x6eb03820, Q(0, 0), Q(0xffffffffffffffff, 0xffffffff00000000),
	 Q(0, 0), Q(0, 0x2fffffffd), false},
	{"sminv h0, v1.4h", 0x0e71a820, Q(0, 0), Q(0x8000800080008000, 0x1ffff00037fff), Q(0, 0),
	 Q(0, 0xffff), false},
	{"umaxv s0, v1.4s", 0x6eb0a820, Q(0, 0), Q(0x180000000, 0x7fffffff00000005), Q(0, 0),
	 Q(0, 0x80000000), false},
	/* One operand */
	{"rev64 v0.8h, v1.8h", 0x4e600820, Q(0, 0), Q(0x1000200030004, 0x5000600070008), Q(0, 0),
	 Q(0x4000300020001, 0x8000700060005), false},
	{"rev32 v0.16b, v1.16b", 0x6e200820, Q(0, 0), Q(0x1020304050607, 0x8090a0b0c0d0e0f),
	 Q(0, 0), Q(0x302010007060504, 0xb0a09080f0e0d0c), false},
	{"rev16 v0.8b, v1.8b", 0x0e201820, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0x1020304050607, 0x8090a0b0c0d0e0f), Q(0, 0), Q(0, 0x9080b0a0d0c0f0e), false},
	{"rbit v0.16b, v1.16b", 0x6e605820, Q(0, 0), Q(0x102040810204080, 0xf00f000000000003),
	 Q(0, 0), Q(0x8040201008040201, 0xff00000000000c0), false},
	{"cnt v0.16b, v1.16b", 0x4e205820, Q(0, 0), Q(0xff7f3f1f0f070301, 0x80a0a850f00000),
	 Q(0, 0), Q(0x807060504030201, 0x1020302040000), false},
	{"cls v0.4s, v1.4s", 0x4ea04820, Q(0, 0), Q(0x1, 0xfffffffe80000000), Q(0, 0),
	 Q(0x1f0000001e, 0x1e00000000), false},
	{"clz v0.8h, v1.8h", 0x6e604820, Q(0, 0), Q(0x100ff8000, 0x7fff400000000002), Q(0, 0),
	 Q(0x10000f00080000, 0x100010010000e), false},
	{"not v0.8b, v1.8b", 0x2e205820, Q(0, 0), Q(0, 0x123456789abcdef), Q(0, 0),
	 Q(0, 0xfedcba9876543210), false},
	/* Logic with three operands */
	{"bsl v0.16b, v1.16b, v2.16b", 0x6e621c20, Q(0xffff0000ffff0000, 0xff00ff00ff00ff),
	 Q(0x1111111111111111, 0x1111111111111111), Q(0x2222222222222222, 0x2222222222222222),
	 Q(0x1111222211112222, 0x2211221122112211), false},
	{"bit v0.16b, v1.16b, v2.16b", 0x6ea21c20, Q(0x2222222222222222, 0x2222222222222222),
	 Q(0x1111111111111111, 0x1111111111111111), Q(0xffff0000ffff0000, 0xff00ff00ff00ff),
	 Q(0x1111222211112222, 0x2211221122112211), false},
	{"bif v0.16b, v1.16b, v2.16b", 0x6ee21c20, Q(0x2222222222222222, 0x2222222222222222),
	 Q(0x1111111111111111, 0x1111111111111111), Q(0xffff0000ffff0000, 0xff00ff00ff00ff),
	 Q(0x2222111122221111, 0x1122112211221122), false},
	{"orn v0.8b, v1.8b, v2.8b", 0x0ee21c20, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0x1111111111111111, 0x1), Q(0, 0xffffffff0000ffff), Q(0, 0xffff0001), false},
	/* Modified immediates */
	{"movi v0.2d, #0xff00ff0000ffff00", 0x6f05e4c0, Q(0, 0), Q(0, 0), Q(0, 0),
	 Q(0xff00ff0000ffff00, 0xff00ff0000ffff00), false},
	{"movi d0, #0xffffffff", 0x2f00e5e0, Q(0xffffffffffffffff, 0xffffffffffffffff), Q(0, 0),
	 Q(0, 0), Q(0, 0xffffffff), false},
	{"movi v0.4s, #0x12, msl #16", 0x4f00d640, Q(0, 0), Q(0, 0), Q(0, 0),
	 Q(0x12ffff0012ffff, 0x12ffff0012ffff), false},
	{"mvni v0.2s, #0x12, msl #8", 0x2f00c640, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0, 0), Q(0, 0), Q(0, 0xffffed00ffffed00), false},
	{"mvni v0.8h, #0xab, lsl #8", 0x6f05a560, Q(0, 0), Q(0, 0), Q(0, 0),
	 Q(0x54ff54ff54ff54ff, 0x54ff54ff54ff54ff), false},
	{"movi v0.8b, #0xa5", 0x0f05e4a0, Q(0xffffffffffffffff, 0xffffffffffffffff), Q(0, 0),
	 Q(0, 0), Q(0, 0xa5a5a5a5a5a5a5a5), false},
	{"orr v0.4s, #0x80, lsl #24", 0x4f047400, Q(0x1, 0x2), Q(0, 0), Q(0, 0),
	 Q(0x8000000080000001, 0x8000000080000002), false},
	{"bic v0.4h, #0xff", 0x2f0797e0, Q(0xffffffffffffffff, 0xffffffffffffffff), Q(0, 0),
	 Q(0, 0), Q(0, 0xff00ff00ff00ff00), false},
	/* Permutations */
	{"zip1 v0.16b, v1.16b, v2.16b", 0x4e023820, Q(0, 0),
	 Q(0xf0e0d0c0b0a0908, 0x706050403020100), Q(0x1f1e1d1c1b1a1918, 0x1716151413121110),
	 Q(0x1707160615051404, 0x1303120211011000), false},
	{"zip2 v0.8b, v1.8b, v2.8b", 0x0e027820, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0xf0e0d0c0b0a0908, 0x706050403020100), Q(0x1f1e1d1c1b1a1918, 0x1716151413121110),
	 Q(0, 0x1707160615051404), false},
	{"uzp1 v0.8h, v1.8h, v2.8h", 0x4e421820, Q(0, 0), Q(0x7000600050004, 0x3000200010000),
	 Q(0x17001600150014, 0x13001200110010), Q(0x16001400120010, 0x6000400020000), false},
	{"uzp2 v0.8b, v1.8b, v2.8b", 0x0e025820, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0xffffffffffffffff, 0x706050403020100), Q(0xffffffffffffffff, 0x1716151413121110),
	 Q(0, 0x1715131107050301), false},
	{"trn1 v0.4s, v1.4s, v2.4s", 0x4e822820, Q(0, 0), Q(0x300000002, 0x100000000),
	 Q(0x1300000012, 0x1100000010), Q(0x1200000002, 0x1000000000), false},
	{"trn2 v0.2d, v1.2d, v2.2d", 0x4ec26820, Q(0, 0), Q(0x1, 0), Q(0x11, 0x10), Q(0x11, 0x1),
	 false},
	{"ext v0.16b, v1.16b, v2.16b, #3", 0x6e021820, Q(0, 0),
	 Q(0xf0e0d0c0b0a0908, 0x706050403020100), Q(0x1f1e1d1c1b1a1918, 0x1716151413121110),
	 Q(0x1211100f0e0d0c0b, 0xa09080706050403), false},
	{"ext v0.8b, v1.8b, v2.8b, #3", 0x2e021820, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0xf0e0d0c0b0a0908, 0x706050403020100), Q(0x1f1e1d1c1b1a1918, 0x1716151413121110),
	 Q(0, 0x1211100706050403), false},
	{"tbl v0.16b, {v1.16b}, v2.16b", 0x4e020020, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0x2f2e2d2c2b2a2928, 0x2726252423222120), Q(0xf10ff01020304, 0x506070809ffff80),
	 Q(0x202f000021222324, 0x2526272829000000), false},
	{"tbx v0.16b, {v1.16b}, v2.16b", 0x4e021020, Q(0xeeeeeeeeeeeeeeee, 0xeeeeeeeeeeeeeeee),
	 Q(0x2f2e2d2c2b2a2928, 0x2726252423222120), Q(0xf10ff01020304, 0x506070809ffff80),
	 Q(0x202feeee21222324, 0x2526272829eeeeee), false},
	{"tbl v0.8b, {v1.16b, v2.16b}, v2.8b", 0x0e022020,
	 Q(0xffffffffffffffff, 0xffffffffffffffff), Q(0x2f2e2d2c2b2a2928, 0x2726252423222120),
	 Q(0x1f1e1d1c1b1a1918, 0x1716151413121120), Q(0, 0x1716151413121100), false},
	/* Copies */
	{"dup v0.8h, v1.h[5]", 0x4e160420, Q(0, 0), Q(0x7000600050004, 0x3000200010000), Q(0, 0),
	 Q(0x5000500050005, 0x5000500050005), false},
	{"dup v0.2s, v1.s[3]", 0x0e1c0420, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0x300000002, 0x100000000), Q(0, 0), Q(0, 0x300000003), false},
	{"mov h0, v1.h[7]", 0x5e1e0420, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0x8007000600050004, 0x3000200010000), Q(0, 0), Q(0, 0x8007), false},
	{"mov v0.b[15], v1.b[1]", 0x6e1f0c20, Q(0xffffffffffffffff, 0xffffffffffffffff),
	 Q(0, 0x1200), Q(0, 0), Q(0x12ffffffffffffff, 0xffffffffffffffff), false},
};

/* Of features that a first Armv8.0-A does not have. */
static const struct row later_rows[] = {
	{"sqrdmlah v0.4s, v1.4s, v2.4s", 0x6e828420, Q(0x1, 0x7fffffff), Q(0, 0x8000000040000000),
	 Q(0, 0x8000000040000000), Q(0x1, 0x7fffffff7fffffff), true},
	{"sqrdmlsh v0.8h, v1.8h, v2.h[1]", 0x6f52f020, Q(0, 0x8000), Q(0, 0x4000), Q(0, 0x10000),
	 Q(0, 0x8000), false},
	{"sdot v0.4s, v1.16b, v2.16b", 0x4e829420, Q(0x100000000, 0),
	 Q(0x80808080ffffffff, 0x102030400000000), Q(0x808080807f7f7f7f, 0x1010101ffffffff),
	 Q(0x10001fffffe04, 0xa00000000), false},
	{"udot v0.4s, v1.16b, v2.4b[3]", 0x6fa2e820, Q(0, 0),
	 Q(0xffffffff00000001, 0x102030400000000), Q(0xff00000200000000, 0),
	 Q(0xffff00000002, 0x10700000000), false},
};

#define LATER_FEATURES (A64_FEATURE_BIT(RDM) | A64_FEATURE_BIT(DotProd))

static const struct a64_insn *stop(struct a64_cpu *cpu, const struct a64_insn *i)
{
	(void)cpu;
	(void)i;
	return NULL;
}

static struct a64_cpu *cpu_new(void)
{
	struct a64_cpu *cpu = calloc(1, sizeof(*cpu));

	cr_assert(cpu != NULL);
	cpu->shared = calloc(1, sizeof(*cpu->shared));
	cr_assert(cpu->shared != NULL);
	cpu->features = A64_FEATURES;
	return cpu;
}

static void cpu_free(struct a64_cpu *cpu)
{
	free(cpu->shared);
	free(cpu);
}

static void execute(struct a64_cpu *cpu, uint32_t word)
{
	struct a64_insn code[2];

	cr_assert(a64_decode(word, cpu->features, code) != A64_OP_UNDEFINED, "%#x", word);
	code[1] = (struct a64_insn){.exec = stop};
	code[0].exec(cpu, code);
}

static void check_row(struct a64_cpu *cpu, const struct row *row)
{
	cpu->v[0] = row->d;
	cpu->v[1] = row->n;
	cpu->v[2] = row->m;
	cpu->fpsr = 0;
	execute(cpu, row->word);
	cr_expect(cpu->v[0].q == row->expected.q, "%s: %#018lx:%#018lx, not %#018lx:%#018lx",
		  row->text, cpu->v[0].d[1], cpu->v[0].d[0], row->expected.d[1],
		  row->expected.d[0]);
	cr_expect(cpu->fpsr == (row->saturates ? FPSR_QC : 0), "%s: FPSR %#x", row->text,
		  cpu->fpsr);
	cr_expect(cpu->v[1].q == row->n.q && cpu->v[2].q == row->m.q, "%s", row->text);
}

/* Nothing changes when the destination is a source as well: register 1 or 2 of the row. */
static void check_row_in_place(struct a64_cpu *cpu, const struct row *row, unsigned source)
{
	cpu->v[1] = row->n;
	cpu->v[2] = row->m;
	cpu->v[0] = cpu->v[source];
	execute(cpu, row->word);
	execute(cpu, row->word | source);
	cr_expect(cpu->v[source].q == cpu->v[0].q, "%s with v%u", row->text, source);
}

Test(simd, rows)
{
	struct a64_cpu *cpu = cpu_new();

	for (size_t n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
		check_row(cpu, &rows[n]);
		check_row_in_place(cpu, &rows[n], 1);
		check_row_in_place(cpu, &rows[n], 2);
	}
	cpu_free(cpu);
}

Test(simd, later_rows)
{
	struct a64_cpu *cpu = cpu_new();
	struct a64_insn decoded;

	for (size_t n = 0; n < sizeof(later_rows) / sizeof(later_rows[0]); n++) {
		cr_expect(a64_decode(later_rows[n].word, cpu->features & ~LATER_FEATURES,
				     &decoded) == A64_OP_UNDEFINED,
			  "%s", later_rows[n].text);
		cpu->features |= LATER_FEATURES;
		check_row(cpu, &later_rows[n]);
	}
	cpu_free(cpu);
}

/* FPSR.QC is cumulative: what does not saturate leaves it. */
Test(simd, qc_is_cumulative)
{
	struct a64_cpu *cpu = cpu_new();

	cpu->fpsr = FPSR_QC;
	execute(cpu, 0x4e220c20); /* sqadd v0.16b, v1.16b, v2.16b */
	cr_expect(cpu->fpsr == FPSR_QC);
	cpu_free(cpu);
}

Test(simd, tables_wrap_from_v31_to_v0)
{
	struct a64_cpu *cpu = cpu_new();

	for (unsigned n = 0; n < 16; n++) {
		cpu->v[30].b[n] = (uint8_t)(0x10 + n);
		cpu->v[31].b[n] = (uint8_t)(0x20 + n);
		cpu->v[0].b[n] = (uint8_t)(0x30 + n);
		cpu->v[1].b[n] = (uint8_t)(0x40 + n);
	}
	cpu->v[2] = (union a64_vreg)Q(0x00, 0xff403f302f201f10);
	execute(cpu, 0x4e0263c3); /* tbl v3.16b, {v30.16b, v31.16b, v0.16b, v1.16b}, v2.16b */
	cr_expect(cpu->v[3].d[0] == 0x00004f403f302f20);
	cr_expect(cpu->v[3].d[1] == 0x1010101010101010);
	cpu_free(cpu);
}

Test(simd, general_registers)
{
	struct a64_cpu *cpu = cpu_new();

	cpu->v[1] = (union a64_vreg)Q(0x8000000080008080, 0x7f00000000000000);
	execute(cpu, 0x0e112c20); /* smov w0, v1.b[8] */
	cr_expect(cpu->x[0] == 0xffffff80);
	execute(cpu, 0x4e112c20); /* smov x0, v1.b[8] */
	cr_expect(cpu->x[0] == 0xffffffffffffff80);
	execute(cpu, 0x4e1c2c20); /* smov x0, v1.s[3] */
	cr_expect(cpu->x[0] == 0xffffffff80000000);
	execute(cpu, 0x0e123c20); /* umov w0, v1.h[4] */
	cr_expect(cpu->x[0] == 0x8080);
	execute(cpu, 0x4e183c20); /* umov x0, v1.d[1] */
	cr_expect(cpu->x[0] == 0x8000000080008080);
	execute(cpu, 0x4e183c3f); /* umov xzr, v1.d[1] */
	cr_expect(cpu->x[31] == 0 && cpu->x[A64_ZERO] == 0);
	cpu->x[3] = 0x123456789abcdef0;
	execute(cpu, 0x4e1d1c61); /* mov v1.b[14], w3 */
	cr_expect(cpu->v[1].d[1] == 0x80f0000080008080);
	execute(cpu, 0x4e181fe1); /* mov v1.d[1], xzr */
	cr_expect(cpu->v[1].d[1] == 0 && cpu->v[1].d[0] == 0x7f00000000000000);
	execute(cpu, 0x0e020c62); /* dup v2.4h, w3 */
	cr_expect(cpu->v[2].d[1] == 0 && cpu->v[2].d[0] == 0xdef0def0def0def0);
	cpu_free(cpu);
}

/* Combinations of size and Q that are reserved, each beside one that is not. */
static const struct {
	const char *text;
	uint32_t reserved, allocated;
} reserved_words[] = {
	{"add .1d", 0x0ee28420, 0x4ee28420},
	{"mul .2d", 0x4ee29c20, 0x4ea29c20},
	{"sqdmulh .16b", 0x4e22b420, 0x4e62b420},
	{"pmul .8h", 0x6e629c20, 0x6e229c20},
	{"smull .q", 0x0ee2c020, 0x0ea2c020},
	{"sqdmull .8h", 0x0e22d020, 0x0e62d020},
	{"mul by element of 8 bits", 0x0f028020, 0x0f428020},
	{"addv .2s", 0x0eb1b820, 0x4eb1b820},
	{"rev32 .4s", 0x6ea00820, 0x6e600820},
	{"rev16 .8h", 0x4e601820, 0x4e201820},
	{"cnt .8h", 0x4e605820, 0x4e205820},
	{"cls .2d", 0x4ee04820, 0x4ea04820},
	{"neg .1d", 0x2ee0b820, 0x6ee0b820},
	{"xtn to .2d", 0x0ee12820, 0x0ea12820},
	{"sshr .1d", 0x0f7f0420, 0x4f7f0420},
	{"shrn of immh 1xxx", 0x0f7f8420, 0x0f3f8420},
	{"scalar shl s", 0x5f205420, 0x5f605420},
	{"scalar add s", 0x5ea28420, 0x5ee28420},
	{"scalar sqdmulh b", 0x5e22b420, 0x5e62b420},
	{"movi cmode 1101 of op 1 o2", 0x2f000c20, 0x2f00e420},
	{"zip1 .1d", 0x0ec23820, 0x4ec23820},
	{"ext .8b, #8", 0x2e024020, 0x6e024020},
	{"dup .1d", 0x0e080420, 0x4e080420},
	{"dup of imm5 x0000", 0x4e100420, 0x4e110420},
	{"smov w of s", 0x0e042c20, 0x4e042c20},
	{"umov w of d", 0x0e083c20, 0x4e083c20},
	{"umov x of s", 0x4e043c20, 0x0e043c20},
	{"ins of imm5 x0000", 0x4e101c20, 0x4e111c20},
	{"ld2 .1d", 0x0c408c20, 0x4c408c20},
	{"ld1 lane of h, size 1", 0x0d404420, 0x0d404020},
	{"ld1 lane of d, S", 0x0d409420, 0x0d408420},
	{"st1r", 0x0d00c020, 0x0d40c020},
	{"ld1, no post-index, Rm", 0x4c417020, 0x4c407020},
	{"aese with Q 0", 0x0e284820, 0x4e284820},
};

Test(simd, reserved_are_undefined)
{
	struct a64_insn decoded;

	for (size_t n = 0; n < sizeof(reserved_words) / sizeof(reserved_words[0]); n++) {
		cr_expect(a64_decode(reserved_words[n].reserved, A64_FEATURES, &decoded) ==
				  A64_OP_UNDEFINED,
			  "%s", reserved_words[n].text);
		cr_expect(a64_decode(reserved_words[n].allocated, A64_FEATURES, &decoded) !=
				  A64_OP_UNDEFINED,
			  "%s", reserved_words[n].text);
	}
}

/* ---- Structures ---- */

#define PAGE	 0x40001000ULL
#define PAGE_END (PAGE + 0x1000)
#define CONTEXT	 1

/* A page of memory that the level 1 TLB knows, bytes counting up from 1. */
static uint8_t *map_page(struct a64_cpu *cpu)
{
	uint8_t *page = aligned_alloc(4096, 4096);
	struct a64_tlb_entry *entry = a64_tlb_at(cpu, PAGE);

	cr_assert(page != NULL);
	for (unsigned n = 0; n < 4096; n++)
		page[n] = (uint8_t)(n + 1);
	cpu->tlb.context[0] = CONTEXT;
	entry->read = entry->write = PAGE | CONTEXT;
	entry->host = (uintptr_t)page - PAGE;
	return page;
}

Test(simd, structures_deinterleave)
{
	struct a64_cpu *cpu = cpu_new();
	uint8_t *page = map_page(cpu);

	memset(cpu->v, 0xee, sizeof(cpu->v));
	cpu->x[1] = PAGE;
	execute(cpu, 0x4c404020); /* ld3 {v0.16b - v2.16b}, [x1] */
	for (unsigned n = 0; n < 16; n++)
		for (unsigned k = 0; k < 3; k++)
			cr_expect(cpu->v[k].b[n] == 3 * n + k + 1);
	cr_expect(cpu->x[1] == PAGE);
	cr_expect(cpu->v[3].d[0] == 0xeeeeeeeeeeeeeeee);

	execute(cpu, 0x0cdf843f); /* ld2 {v31.4h, v0.4h}, [x1], #16 */
	cr_expect(cpu->v[31].d[0] == 0x0e0d0a0906050201 && cpu->v[31].d[1] == 0);
	cr_expect(cpu->v[0].d[0] == 0x100f0c0b08070403 && cpu->v[0].d[1] == 0);
	cr_expect(cpu->x[1] == PAGE + 16);

	cpu->x[2] = 0x100;
	execute(cpu, 0x4cc20c24); /* ld4 {v4.2d - v7.2d}, [x1], x2 */
	cr_expect(cpu->v[4].d[0] == 0x1817161514131211);
	cr_expect(cpu->v[4].d[1] == 0x3837363534333231);
	cr_expect(cpu->v[7].d[1] == 0x504f4e4d4c4b4a49);
	cr_expect(cpu->x[1] == PAGE + 0x110);
	free(page);
	cpu_free(cpu);
}

Test(simd, structures_come_back)
{
	static const struct {
		uint32_t store, load;
		unsigned bytes;
	} pairs[] = {
		{0x4c9f7020, 0x4cdf7020, 16}, /* ld1 {v0.16b}, [x1], #16 */
		{0x4c9f7420, 0x4cdf7420, 16}, /* ld1 {v0.8h}, [x1], #16 */
		{0x4c9f7820, 0x4cdf7820, 16}, /* ld1 {v0.4s}, [x1], #16 */
		{0x4c9f7c20, 0x4cdf7c20, 16}, /* ld1 {v0.2d}, [x1], #16 */
		{0x4c9fa020, 0x4cdfa020, 32}, /* ld1 {v0.16b, v1.16b}, [x1], #32 */
		{0x4c9fa420, 0x4cdfa420, 32}, /* ld1 {v0.8h, v1.8h}, [x1], #32 */
		{0x4c9fa820, 0x4cdfa820, 32}, /* ld1 {v0.4s, v1.4s}, [x1], #32 */
		{0x4c9fac20, 0x4cdfac20, 32}, /* ld1 {v0.2d, v1.2d}, [x1], #32 */
		{0x4c9f6020, 0x4cdf6020, 48}, /* ld1 {v0.16b, v1.16b, v2.16b}, [x1], #48 */
		{0x4c9f6420, 0x4cdf6420, 48}, /* ld1 {v0.8h, v1.8h, v2.8h}, [x1], #48 */
		{0x4c9f6820, 0x4cdf6820, 48}, /* ld1 {v0.4s, v1.4s, v2.4s}, [x1], #48 */
		{0x4c9f6c20, 0x4cdf6c20, 48}, /* ld1 {v0.2d, v1.2d, v2.2d}, [x1], #48 */
		{0x4c9f2020, 0x4cdf2020, 64}, /* ld1 {v0.16b, v1.16b, v2.16b, v3.16b}, [x1], #64 */
		{0x4c9f2420, 0x4cdf2420, 64}, /* ld1 {v0.8h, v1.8h, v2.8h, v3.8h}, [x1], #64 */
		{0x4c9f2820, 0x4cdf2820, 64}, /* ld1 {v0.4s, v1.4s, v2.4s, v3.4s}, [x1], #64 */
		{0x4c9f2c20, 0x4cdf2c20, 64}, /* ld1 {v0.2d, v1.2d, v2.2d, v3.2d}, [x1], #64 */
		{0x4c9f8020, 0x4cdf8020, 32}, /* ld2 {v0.16b, v1.16b}, [x1], #32 */
		{0x4c9f8420, 0x4cdf8420, 32}, /* ld2 {v0.8h, v1.8h}, [x1], #32 */
		{0x4c9f8820, 0x4cdf8820, 32}, /* ld2 {v0.4s, v1.4s}, [x1], #32 */
		{0x4c9f8c20, 0x4cdf8c20, 32}, /* ld2 {v0.2d, v1.2d}, [x1], #32 */
		{0x4c9f4020, 0x4cdf4020, 48}, /* ld3 {v0.16b, v1.16b, v2.16b}, [x1], #48 */
		{0x4c9f4420, 0x4cdf4420, 48}, /* ld3 {v0.8h, v1.8h, v2.8h}, [x1], #48 */
		{0x4c9f4820, 0x4cdf4820, 48}, /* ld3 {v0.4s, v1.4s, v2.4s}, [x1], #48 */
		{0x4c9f4c20, 0x4cdf4c20, 48}, /* ld3 {v0.2d, v1.2d, v2.2d}, [x1], #48 */
		{0x4c9f0020, 0x4cdf0020, 64}, /* ld4 {v0.16b, v1.16b, v2.16b, v3.16b}, [x1], #64 */
		{0x4c9f0420, 0x4cdf0420, 64}, /* ld4 {v0.8h, v1.8h, v2.8h, v3.8h}, [x1], #64 */
		{0x4c9f0820, 0x4cdf0820, 64}, /* ld4 {v0.4s, v1.4s, v2.4s, v3.4s}, [x1], #64 */
		{0x4c9f0c20, 0x4cdf0c20, 64}, /* ld4 {v0.2d, v1.2d, v2.2d, v3.2d}, [x1], #64 */
	};
	struct a64_cpu *cpu = cpu_new();
	uint8_t *page = map_page(cpu);
	union a64_vreg before[4];

	for (size_t n = 0; n < sizeof(pairs) / sizeof(pairs[0]); n++) {
		for (unsigned k = 0; k < 4; k++)
			for (unsigned b = 0; b < 16; b++)
				cpu->v[k].b[b] = (uint8_t)(n * 7 + k * 16 + b);
		memcpy(before, cpu->v, sizeof(before));
		memset(page, 0, 4096);
		cpu->x[1] = PAGE + 1;
		execute(cpu, pairs[n].store);
		cr_expect(cpu->x[1] == PAGE + 1 + pairs[n].bytes);
		cr_expect(page[pairs[n].bytes] != 0 && page[pairs[n].bytes + 1] == 0);
		cpu->x[1] = PAGE + 1;
		execute(cpu, pairs[n].load);
		cr_expect(cpu->x[1] == PAGE + 1 + pairs[n].bytes);
		cr_expect(memcmp(before, cpu->v, sizeof(before)) == 0, "pair %zu", n);
	}
	free(page);
	cpu_free(cpu);
}

Test(simd, lanes_leave_the_rest)
{
	struct a64_cpu *cpu = cpu_new();
	uint8_t *page = map_page(cpu);

	memset(cpu->v, 0xee, sizeof(cpu->v));
	cpu->x[1] = PAGE;
	execute(cpu, 0x4d400020 | 7 << 10); /* ld1 {v0.b}[15], [x1] */
	cr_expect(cpu->v[0].d[1] == 0x01eeeeeeeeeeeeee && cpu->v[0].d[0] == 0xeeeeeeeeeeeeeeee);
	execute(cpu, 0x4dff7820); /* ld4 {v0.h - v3.h}[7], [x1], #8 */
	cr_expect(cpu->v[0].h[7] == 0x0201 && cpu->v[3].h[7] == 0x0807 && cpu->v[3].h[6] == 0xeeee);
	cr_expect(cpu->x[1] == PAGE + 8);
	execute(cpu, 0x0d40c820); /* ld1r {v0.2s}, [x1] */
	cr_expect(cpu->v[0].d[0] == 0x0c0b0a090c0b0a09 && cpu->v[0].d[1] == 0);
	cpu->v[1].d[1] = 0x1122334455667788;
	cpu->v[2].d[1] = 0x99aabbccddeeff00;
	execute(cpu, 0x4dbf8421); /* st2 {v1.d, v2.d}[1], [x1], #16 */
	cr_expect(memcmp(page + 8, &cpu->v[1].d[1], 8) == 0);
	cr_expect(memcmp(page + 16, &cpu->v[2].d[1], 8) == 0);
	cr_expect(page[24] == 25 && cpu->x[1] == PAGE + 24);
	free(page);
	cpu_free(cpu);
}
