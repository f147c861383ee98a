/* The table and its decoder: known words, reserved encodings, operand slots, features. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "core/a64/decode.h"
#include "core/a64/decode_help.h"

#define ALL_FEATURES UINT64_MAX

TestSuite(decode, .timeout = 20);

static const struct {
	uint32_t word;
	enum a64_op op;
} known[] = {
	{0x10000000, A64_OP_ADR},	     /* adr x0, . */
	{0x90000000, A64_OP_ADRP},	     /* adrp x0, . */
	{0x910043ff, A64_OP_ADD_imm_64},     /* add sp, sp, #16 */
	{0x7100043f, A64_OP_SUBS_imm_32},    /* cmp w1, #1 */
	{0x92401c20, A64_OP_AND_imm_64},     /* and x0, x1, #0xff */
	{0x7201001f, A64_OP_ANDS_imm_32},    /* tst w0, #0x80000000 */
	{0x92800000, A64_OP_MOVN_64},	     /* mov x0, #-1 */
	{0xf2e000e3, A64_OP_MOVK_64},	     /* movk x3, #7, lsl #48 */
	{0x13001c20, A64_OP_SBFM_32},	     /* sxtb w0, w1 */
	{0x93407c20, A64_OP_SXTW},	     /* sxtw x0, w1 */
	{0x9343fc20, A64_OP_ASR_imm_64},     /* asr x0, x1, #3 */
	{0xb37d0c20, A64_OP_BFM_64},	     /* bfi x0, x1, #3, #4 */
	{0xd37df020, A64_OP_UBFM_64},	     /* lsl x0, x1, #3 */
	{0xd343fc20, A64_OP_LSR_imm_64},     /* lsr x0, x1, #3 */
	{0x53037c20, A64_OP_LSR_imm_32},     /* lsr w0, w1, #3 */
	{0x93c11420, A64_OP_EXTR_64},	     /* ror x0, x1, #5 */
	{0x14000000, A64_OP_B},		     /* b . */
	{0x94000000, A64_OP_BL},	     /* bl . */
	{0x54000000, A64_OP_B_EQ},	     /* b.eq . */
	{0x5400000d, A64_OP_B_LE},	     /* b.le . */
	{0x54000006, A64_OP_B_cond},	     /* b.vs . */
	{0x34000000, A64_OP_CBZ_32},	     /* cbz w0, . */
	{0xb5000000, A64_OP_CBNZ_64},	     /* cbnz x0, . */
	{0xb6080000, A64_OP_TBZ},	     /* tbz x0, #33, . */
	{0x37180000, A64_OP_TBNZ},	     /* tbnz w0, #3, . */
	{0xd61f0020, A64_OP_BR},	     /* br x1 */
	{0xd63f0020, A64_OP_BLR},	     /* blr x1 */
	{0xd65f03c0, A64_OP_RET},	     /* ret */
	{0x39400020, A64_OP_LDRB_imm},	     /* ldrb w0, [x1] */
	{0x38a26820, A64_OP_LDRSB_64_reg},   /* ldrsb x0, [x1, x2] */
	{0x78e24820, A64_OP_LDRSH_32_ext},   /* ldrsh w0, [x1, w2, uxtw] */
	{0xf8408c20, A64_OP_LDR_64_pre},     /* ldr x0, [x1, #8]! */
	{0xf8408420, A64_OP_LDR_64_post},    /* ldr x0, [x1], #8 */
	{0xb89fc020, A64_OP_LDRSW_unscaled}, /* ldursw x0, [x1, #-4] */
	{0xf8400820, A64_OP_LDTR_64},	     /* ldtr x0, [x1] */
	{0x38000820, A64_OP_STTRB},	     /* sttrb w0, [x1] */
	{0x58000000, A64_OP_LDR_64_literal}, /* ldr x0, . */
	{0x9c000000, A64_OP_LDR_Q_literal},  /* ldr q0, . */
	{0x3dc00420, A64_OP_LDR_Q_imm},	     /* ldr q0, [x1, #16] */
	{0x3c001420, A64_OP_STR_B_post},     /* str b0, [x1], #1 */
	{0xf9800000, A64_OP_PRFM_imm},	     /* prfm pldl1keep, [x0] */
	{0xa8c17bfd, A64_OP_LDP_64_post},    /* ldp x29, x30, [sp], #16 */
	{0xa9bf7bfd, A64_OP_STP_64_pre},     /* stp x29, x30, [sp, #-16]! */
	{0x69400440, A64_OP_LDPSW_imm},	     /* ldpsw x0, x1, [x2] */
	{0xac400400, A64_OP_LDNP_Q},	     /* ldnp q0, q1, [x0] */
	{0x28000400, A64_OP_STNP_32},	     /* stnp w0, w1, [x0] */
	{0xc85f7c20, A64_OP_LDXR_64},	     /* ldxr x0, [x1] */
	{0x0800fc41, A64_OP_STLXRB},	     /* stlxrb w0, w1, [x2] */
	{0xc87f8440, A64_OP_LDAXP_64},	     /* ldaxp x0, x1, [x2] */
	{0x88200861, A64_OP_STXP_32},	     /* stxp w0, w1, w2, [x3] */
	{0x88dffc20, A64_OP_LDAR_32},	     /* ldar w0, [x1] */
	{0x489ffc20, A64_OP_STLRH},	     /* stlrh w0, [x1] */
	{0xf8bfc020, A64_OP_LDAPR_64},	     /* ldapr x0, [x1] */
	{0xc8e0fc41, A64_OP_CAS_64},	     /* casal x0, x1, [x2] */
	{0x48207c82, A64_OP_CASP_64},	     /* casp x0, x1, x2, x3, [x4] */
	{0xb8200041, A64_OP_LDADD_32},	     /* ldadd w0, w1, [x2] */
	{0xf860303f, A64_OP_LDSET_64},	     /* stsetl x0, [x1] */
	{0x38a08041, A64_OP_SWPB},	     /* swpab w0, w1, [x2] */
	{0x1ac20820, A64_OP_UDIV_32},	     /* udiv w0, w1, w2 */
	{0x9ac22c20, A64_OP_RORV_64},	     /* ror x0, x1, x2 */
	{0x9ac24c20, A64_OP_CRC32X},	     /* crc32x w0, w1, x2 */
	{0x1ac25020, A64_OP_CRC32CB},	     /* crc32cb w0, w1, w2 */
	{0xdac00820, A64_OP_REV32},	     /* rev32 x0, x1 */
	{0xdac01020, A64_OP_CLZ_64},	     /* clz x0, x1 */
	{0xaa0103e0, A64_OP_ORR_reg_64},     /* mov x0, x1 */
	{0x2a210fe0, A64_OP_ORN_shift_32},   /* mvn w0, w1, lsl #3 */
	{0xea220020, A64_OP_BICS_reg_64},    /* bics x0, x1, x2 */
	{0x8b020020, A64_OP_ADD_reg_64},     /* add x0, x1, x2 */
	{0x8b82fc20, A64_OP_ADD_shift_64},   /* add x0, x1, x2, asr #63 */
	{0x8b2293e0, A64_OP_ADD_ext_64},     /* add x0, sp, w2, sxtb #4 */
	{0x7a0103e0, A64_OP_SBCS_32},	     /* ngcs w0, w1 */
	{0xba5f180f, A64_OP_CCMN_imm_64},    /* ccmn x0, #31, #15, ne */
	{0x7a41e000, A64_OP_CCMP_reg_32},    /* ccmp w0, w1, #0, al */
	{0x1a9f17e0, A64_OP_CSINC_32},	     /* cset w0, eq */
	{0xda81a420, A64_OP_CSNEG_64},	     /* cneg x0, x1, lt */
	{0x9b027c20, A64_OP_MADD_64},	     /* mul x0, x1, x2 */
	{0x1b028c20, A64_OP_MSUB_32},	     /* msub w0, w1, w2, w3 */
	{0x9ba27c20, A64_OP_UMADDL},	     /* umull x0, w1, w2 */
	{0x9b427c20, A64_OP_SMULH},	     /* smulh x0, x1, x2 */
};

Test(decode, known_words)
{
	for (unsigned n = 0; n < sizeof(known) / sizeof(*known); n++) {
		struct a64_insn insn;
		enum a64_op op = a64_decode(known[n].word, ALL_FEATURES, &insn);

		cr_expect_eq(op, known[n].op, "%08x is %s, not %s", known[n].word, a64_ops[op].name,
			     a64_ops[known[n].op].name);
		cr_expect_eq(insn.word, known[n].word);
		cr_expect_eq(insn.exec, a64_ops[op].exec);
	}
}

/* Encodings that the Arm ARM leaves unallocated. */
static const uint32_t undefined[] = {
	0x00000000,				    /* UDF */
	0xffffffff,	      0x8b020c20 | 3 << 22, /* ADD (shifted register) with ROR */
	0x0b028020,				    /* ... 32-bit, amount 32 */
	0x0a028020,				    /* AND (shifted register), 32-bit, amount 32 */
	0x8b221420,				    /* ADD (extended register), shift 5 */
	0x8b621020 | 1 << 23,			    /* ... opt not 00 */
	0x12c00000,				    /* MOVN, 32-bit, hw 2 */
	0x32c00000,				    /* opc 01 of the move wide group */
	0x12400000,				    /* AND (immediate), 32-bit, N = 1 */
	0x9200fc00,				    /* ... element of one bit */
	0x9240fc00,				    /* ... all ones */
	0x53408000,				    /* UBFM, 32-bit, N = 1 */
	0xd3008000,				    /* UBFM, 64-bit, N = 0 */
	0x53208000,				    /* UBFM, 32-bit, immr 32 */
	0x7340fc00,				    /* opc 11 of the bit field group */
	0x13828020,				    /* EXTR, 32-bit, imms 32 */
	0x54000010,				    /* BC.cond: FEAT_HBC */
	0xd61f0001,				    /* BR with op4 not 0 */
	0xd61f0820,				    /* BRAA: FEAT_PAuth */
	0xf8600800,				    /* LDR (register), option 000 */
	0xb8c00c00 | 1 << 22,			    /* size 10, opc 11 */
	0xf9c00000,				    /* size 11, opc 11 */
	0x69000000,				    /* STGP: FEAT_MTE */
	0xe8000000,				    /* pair with opc 11 */
	0x68000000,				    /* LDNP and STNP have no signed form */
	0x08217c20,				    /* CASP with odd Rs */
	0x08207c21,				    /* CASP with odd Rt */
	0x08a07820,				    /* CASB, Rt2 not 31 */
	0x9ac04000,				    /* CRC32B, sf = 1 */
	0x1ac04c00,				    /* CRC32X, sf = 0 */
	0x5ac00c00,				    /* REV, 32-bit, opcode 3 */
	0x1b200000,				    /* SMADDL, sf = 0 */
	0x1a800c00 | 1 << 29,			    /* CSEL group with S = 1 */
	0x7a400010,				    /* CCMP with o3 = 1 */
};

Test(decode, unallocated_words_are_undefined)
{
	for (unsigned n = 0; n < sizeof(undefined) / sizeof(*undefined); n++) {
		struct a64_insn insn;
		enum a64_op op = a64_decode(undefined[n], ALL_FEATURES, &insn);

		cr_expect_eq(op, A64_OP_UNDEFINED, "%08x is %s", undefined[n], a64_ops[op].name);
		cr_expect_eq(insn.exec, a64_exec_UNDEFINED);
	}
}

/* A word that a line matches decodes to that line, to a special case of it, or is UNDEFINED. */
Test(decode, every_line_is_found)
{
	srand(1);
	for (unsigned op = 0; op < A64_OP_UNDEFINED; op++) {
		const struct a64_op_info *line = &a64_ops[op];
		unsigned found = 0;

		for (unsigned n = 0; n < 2000; n++) {
			uint32_t random = (uint32_t)rand() << 16 ^ (uint32_t)rand();
			uint32_t word = line->value | (random & ~line->mask);
			struct a64_insn insn;
			enum a64_op got = a64_decode(word, ALL_FEATURES, &insn);

			found += got == op;
			if (got == A64_OP_UNDEFINED)
				continue;
			cr_assert_eq(word & a64_ops[got].mask, a64_ops[got].value,
				     "%08x does not match %s", word, a64_ops[got].name);
		}
		cr_expect_gt(found, 0, "no word is %s", line->name);
	}
}

Test(decode, a_feature_that_is_missing_takes_its_lines_away)
{
	static const struct {
		uint32_t word;
		enum a64_feature feature;
	} words[] = {
		{0xb8200041, A64_FEATURE_LSE},	 /* ldadd w0, w1, [x2] */
		{0x88a07c41, A64_FEATURE_LSE},	 /* cas w0, w1, [x2] */
		{0x9ac24c20, A64_FEATURE_CRC32}, /* crc32x w0, w1, x2 */
		{0xf8bfc020, A64_FEATURE_LRCPC}, /* ldapr x0, [x1] */
		{0x3dc00020, A64_FEATURE_FP},	 /* ldr q0, [x1] */
	};

	for (unsigned n = 0; n < sizeof(words) / sizeof(*words); n++) {
		a64_features without = ALL_FEATURES & ~(1ULL << words[n].feature);
		struct a64_insn insn;

		cr_expect_neq(a64_decode(words[n].word, ALL_FEATURES, &insn), A64_OP_UNDEFINED);
		cr_expect_eq(a64_decode(words[n].word, without, &insn), A64_OP_UNDEFINED);
	}
}

Test(decode, register_31_is_what_the_operand_means)
{
	struct a64_insn insn;

	a64_decode(0x910003ff, ALL_FEATURES, &insn); /* add sp, sp, #0 */
	cr_expect_eq(insn.rd, A64_SP);
	cr_expect_eq(insn.rn, A64_SP);
	a64_decode(0xb10003ff, ALL_FEATURES, &insn); /* cmn sp, #0 */
	cr_expect_eq(insn.rd, A64_DISCARD);
	cr_expect_eq(insn.rn, A64_SP);
	a64_decode(0x8b1f03ff, ALL_FEATURES, &insn); /* add xzr, xzr, xzr */
	cr_expect_eq(insn.rd, A64_DISCARD);
	cr_expect_eq(insn.rn, A64_ZERO);
	cr_expect_eq(insn.rm, A64_ZERO);
	a64_decode(0xf90003ff, ALL_FEATURES, &insn); /* str xzr, [sp] */
	cr_expect_eq(insn.rd, A64_ZERO);
	cr_expect_eq(insn.rn, A64_SP);
	cr_expect_eq(insn.ra, 15, "alignment mask of SP");
	a64_decode(0xf940001f, ALL_FEATURES, &insn); /* ldr xzr, [x0] */
	cr_expect_eq(insn.rd, A64_DISCARD);
	cr_expect_eq(insn.ra, 0);
	a64_decode(0xc8bf7c3f, ALL_FEATURES, &insn); /* cas xzr, xzr, [x1] */
	cr_expect_eq(insn.rd, A64_DISCARD);
	cr_expect_eq(insn.ra, A64_ZERO);
	cr_expect_eq(insn.rm, A64_ZERO);
}

Test(decode, immediates)
{
	struct a64_insn insn;

	a64_decode(0x14000000 | 0x3ffffff, ALL_FEATURES, &insn); /* b . - 4 */
	cr_expect_eq(insn.imm, -4);
	a64_decode(0x16000000, ALL_FEATURES, &insn); /* b . - 128 MiB */
	cr_expect_eq(insn.imm, -(128LL << 20));
	a64_decode(0x90800000, ALL_FEATURES, &insn); /* adrp x0, . - 4 GiB */
	cr_expect_eq(insn.imm, -(4LL << 30));
	a64_decode(0x12800000, ALL_FEATURES, &insn); /* mov w0, #-1 */
	cr_expect_eq(insn.uimm, 0xffffffff);
	a64_decode(0xf97ffc20, ALL_FEATURES, &insn); /* ldr x0, [x1, #32760] */
	cr_expect_eq(insn.imm, 32760);
	a64_decode(0xa9600440, ALL_FEATURES, &insn); /* ldp x0, x1, [x2, #-512] */
	cr_expect_eq(insn.imm, -512);
	a64_decode(0xf85003e0, ALL_FEATURES, &insn); /* ldur x0, [sp, #-256] */
	cr_expect_eq(insn.imm, -256);
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

/* How many different masks the valid encodings of a width give. */
static unsigned count_bitmasks(unsigned width)
{
	static uint64_t masks[8192];
	unsigned count = 0, distinct = 0;

	for (uint32_t n = 0; n < 2; n++)
		for (uint32_t imms = 0; imms < 64; imms++)
			for (uint32_t immr = 0; immr < 64; immr++)
				if (bitmask_ok(width, n, imms))
					masks[count++] = bitmask(width, n, immr, imms);
	qsort(masks, count, sizeof(*masks), compare);
	for (unsigned n = 0; n < count; n++)
		distinct += n == 0 || masks[n] != masks[n - 1];
	return distinct;
}

/* An element of e bits has e - 1 lengths of ones and e rotations: summed over the element sizes. */
Test(decode, logical_immediates_are_all_there)
{
	cr_expect_eq(count_bitmasks(64), 2 + 12 + 56 + 240 + 992 + 4032);
	cr_expect_eq(count_bitmasks(32), 2 + 12 + 56 + 240 + 992);
	cr_expect_eq(bitmask(64, 0, 0, 0x3c), 0x5555555555555555);
	cr_expect_eq(bitmask(64, 1, 0, 0), 1);
	cr_expect_eq(bitmask(64, 1, 1, 0), 0x8000000000000000);
	cr_expect_eq(bitmask(32, 0, 31, 1), 6);
	cr_expect_eq(bitmask(32, 0, 16, 0x27), 0x00ff00ff);
}

Test(decode, bit_field_masks)
{
	cr_expect_eq(bitfield(64, 0, 63), UINT64_MAX);
	cr_expect_eq(bitfield(64, 4, 11), 0xff);	      /* UBFX #4, #8 */
	cr_expect_eq(bitfield(64, 60, 7), 0xff0);	      /* UBFIZ #4, #8 */
	cr_expect_eq(bitfield(64, 1, 0), 0x8000000000000000); /* LSL #63 */
	cr_expect_eq(bitfield(32, 1, 0), 0x80000000);
	cr_expect_eq(bitfield(32, 31, 31), 1); /* LSR #31 */
}
