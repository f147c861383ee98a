/*
 * AdvSIMD instructions that move elements about (core/a64/exec_simd_permute.c): permutations, table
 * look-up, copies between elements and to and from general registers, and immediates.
 */
#include "core/a64/fp_lanes.h"
#include "core/a64/jit/simd.h"

/* ---- Broadcasts ---- */

static void broadcast_word(struct translator *t, int reg, struct x86_rm from, unsigned index)
{
	jit_v2_imm(t, index < 4 ? PSHUFLW : PSHUFHW, reg, from, index % 4 * 0x55);
	jit_v2_imm(t, PSHUFD, reg, rm_reg(reg), index < 4 ? 0 : 0xaa);
}

void jit_broadcast(struct translator *t, unsigned size, int reg, unsigned v, unsigned index)
{
	unsigned bytes = (index + 1) << size;
	struct x86_rm from = jit_vector_rm_low(t, v, bytes);

	switch (size) {
	case SIZE_B: /* each byte twice, as words */
		jit_vector_load_low(t, reg, v, bytes);
		jit_v3(t, index < 8 ? PUNPCKLBW : PUNPCKHBW, reg, reg, rm_reg(reg));
		broadcast_word(t, reg, rm_reg(reg), index % 8);
		break;
	case SIZE_H: broadcast_word(t, reg, from, index); break;
	case SIZE_S: jit_v2_imm(t, PSHUFD, reg, from, index * 0x55); break;
	default: jit_v2_imm(t, PSHUFD, reg, from, index ? 0xee : 0x44); break;
	}
}

void jit_broadcast_lowest(struct translator *t, unsigned size, int reg)
{
	switch (size) {
	case SIZE_B:
		jit_vzero(t, XMM5);
		jit_v3(t, PSHUFB, reg, reg, rm_reg(XMM5));
		break;
	case SIZE_H: broadcast_word(t, reg, rm_reg(reg), 0); break;
	case SIZE_S: jit_v2_imm(t, PSHUFD, reg, rm_reg(reg), 0); break;
	default: jit_v3(t, PUNPCKLQDQ, reg, reg, rm_reg(reg)); break;
	}
}

/* The same doubleword in both halves. */
static void load_immediate(struct translator *t, int reg, uint64_t value)
{
	struct code *c = &t->code;
	bool words = value >> 32 == (uint32_t)value;

	if (value == 0) {
		jit_vzero(t, reg);
	} else if (value == UINT64_MAX) {
		jit_vones(t, reg);
	} else {
		emit_mov_imm(c, RAX, words ? (uint32_t)value : value);
		emit_rm(c, MOVD, !words, reg, rm_reg(RAX));
		jit_broadcast_lowest(t, words ? SIZE_S : SIZE_D, reg);
	}
}

/* ---- Copies; arg: the element's size, ra: its index ---- */

static void emit_dup_element(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_broadcast(t, item->info->arg, XMM0, item->insn.rn, item->insn.ra);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_dup(struct translator *t, const struct jit_item *item)
{
	unsigned size = item->info->arg;

	jit_check_fp(t, item);
	emit_rm(&t->code, MOVD, size == SIZE_D, XMM0, rm_reg(jit_source(t, item->insn.rn, RAX)));
	jit_broadcast_lowest(t, size, XMM0);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void insert(struct translator *t, unsigned size, int reg, int from, unsigned index)
{
	static const unsigned ops[4] = {PINSRB, PINSRW, PINSRD, PINSRD};

	emit_rm(&t->code, ops[size], size == SIZE_D, reg, rm_reg(from));
	emit8(&t->code, index);
}

/* A single element, and zeros above it. */
static void emit_dup_scalar(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = item->info->arg;

	jit_check_fp(t, item);
	if (size == SIZE_D) {
		jit_vector_load_half(t, XMM0, i->rn, i->ra);
	} else {
		jit_vector_extract(t, size, RAX, i->rn, i->ra, false, false);
		emit_rm(&t->code, MOVD, false, XMM0, rm_reg(RAX));
	}
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

static void emit_insert(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, i->rd);
	insert(t, item->info->arg, XMM0, jit_source(t, i->rn, RAX), i->ra);
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/* rm is the index of the source. */
static void emit_insert_element(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = item->info->arg;

	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, i->rd);
	if (size == SIZE_S) {
		jit_v3_imm(t, INSERTPS, XMM0, XMM0, rm_reg(jit_vector_source(t, i->rn, XMM1)),
			   (unsigned)(i->rm << 6 | i->ra << 4));
	} else if (size == SIZE_D &&
		   i->ra) { /* SHUFPD: lower half of the first, any of the other */
		jit_v3_imm(t, SHUFPD, XMM0, XMM0, jit_vector_rm(t, i->rn), (unsigned)i->rm << 1);
	} else if (size == SIZE_D) {
		jit_v3_imm(t, SHUFPD, XMM0, jit_vector_source(t, i->rn, XMM1), rm_reg(XMM0),
			   2u | i->rm);
	} else {
		jit_vector_extract(t, size, RAX, i->rn, i->rm, false, false);
		insert(t, size, XMM0, RAX, i->ra);
	}
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

#define SIGNED 4u

/* UMOV, SMOV: imm is the mask of the register's bits. */
static void emit_extract(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	int target = jit_target(t, i->rd, RAX);

	jit_check_fp(t, item);
	jit_vector_extract(t, item->info->arg & 3, target, i->rn, i->ra, item->info->arg & SIGNED,
			   i->imm == -1);
	jit_target_done(t, i->rd, target);
	jit_slow_back(t, item);
}

/* FMOV between a general register and the upper half. */
static void emit_extract_top(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RAX);

	jit_check_fp(t, item);
	jit_vector_extract(t, SIZE_D, target, item->insn.rn, 1, false, true);
	jit_target_done(t, item->insn.rd, target);
	jit_slow_back(t, item);
}

static void emit_insert_top(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, i->rd);
	insert(t, SIZE_D, XMM0, jit_source(t, i->rn, RAX), 1);
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/* ---- Immediates ---- */

static void emit_move_immediate(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	load_immediate(t, XMM0, item->insn.uimm);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ORR, BIC. */
static void emit_combine_immediate(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	load_immediate(t, XMM0, item->insn.uimm);
	jit_v3(t, item->info->arg, XMM0, XMM0, jit_vector_rm(t, item->insn.rd));
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* FMOV: imm is one lane, ra the shape. */
static void emit_fmov_immediate(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	uint64_t value = i->uimm;

	for (unsigned bits = 8u << fp_shape_format(i->ra); bits < 64; bits *= 2)
		value |= value << bits;
	jit_check_fp(t, item);
	load_immediate(t, XMM0, value);
	if (i->ra >> 2 == 16)
		jit_vector_store(t, i->rd, XMM0);
	else
		jit_vector_store_low(t, i->rd, XMM0, 8);
	jit_slow_back(t, item);
}

/* ---- Permutations: ra is the element's size; arg: the second one ---- */

void jit_unzip_registers(struct translator *t, unsigned size, int to, int other, bool odd)
{
	if (size == SIZE_D) {
		jit_v3(t, odd ? PUNPCKHQDQ : PUNPCKLQDQ, to, to, rm_reg(other));
		return;
	}
	if (size == SIZE_S) {
		jit_v3_imm(t, SHUFPS, to, to, rm_reg(other), odd ? 0xdd : 0x88);
		return;
	}
	for (unsigned n = 0; n < (other == to ? 1 : 2); n++) {
		int reg = n ? other : to;

		if (odd)
			jit_vshift(t, jit_pshift(size + 1), SHIFT_RIGHT, reg, reg,
				   jit_size_bits(size));
		else
			jit_v3(t, PAND, reg, reg,
			       jit_constant(t, size == SIZE_B ? CONSTANT_LOW_BYTES
							      : CONSTANT_LOW_WORDS));
	}
	jit_v3(t, size == SIZE_B ? PACKUSWB : PACKUSDW, to, to, rm_reg(other));
}

void jit_unzip(struct translator *t, const struct jit_item *item, unsigned size, int to, bool odd)
{
	const struct a64_insn *i = &item->insn;
	int other = to;

	jit_vector_load(t, to, i->rn);
	if (jit_is_whole(item))
		jit_vector_load(t, other = to + 1, i->rm);
	else
		jit_v3(t, PUNPCKLQDQ, to, to, jit_vector_rm(t, i->rm));
	jit_unzip_registers(t, size, to, other, odd);
}

static void emit_uzp(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_unzip(t, item, item->insn.ra, XMM0, item->info->arg);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

unsigned jit_zip_op(unsigned size, bool upper)
{
	static const uint32_t ops[2][4] = {{PUNPCKLBW, PUNPCKLWD, PUNPCKLDQ, PUNPCKLQDQ},
					   {PUNPCKHBW, PUNPCKHWD, PUNPCKHDQ, PUNPCKHQDQ}};

	return ops[upper][size];
}

static void emit_zip(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool second = item->info->arg, whole = jit_is_whole(item);

	jit_check_fp(t, item);
	jit_v3(t, jit_zip_op(i->ra, second && whole), XMM0, jit_vector_source(t, i->rn, XMM0),
	       jit_vector_rm(t, i->rm));
	if (second && !whole) /* the upper half of the zipped lower halves */
		jit_vshift(t, PSHIFTQ, SHIFT_BYTES_RIGHT, XMM0, XMM0, 8);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* Even elements of Vn, with Vm's moved up behind them. */
static void transpose_even(struct translator *t, unsigned size, unsigned n, unsigned m)
{
	jit_vshift(t, jit_pshift(size + 1), SHIFT_LEFT, XMM1, jit_vector_source(t, m, XMM1),
		   jit_size_bits(size));
	if (size == SIZE_B) {
		jit_vector_load(t, XMM0, n);
		jit_v3(t, PAND, XMM0, XMM0, jit_constant(t, CONSTANT_LOW_BYTES));
		jit_v3(t, POR, XMM0, XMM0, rm_reg(XMM1));
	} else {
		jit_v3_imm(t, PBLENDW, XMM0, jit_vector_source(t, n, XMM0), rm_reg(XMM1),
			   size == SIZE_H ? 0xaa : 0xcc);
	}
}

/* Odd elements of Vn, moved down before Vm's. */
static void transpose_odd(struct translator *t, unsigned size, unsigned n, unsigned m)
{
	jit_vshift(t, jit_pshift(size + 1), SHIFT_RIGHT, XMM0, jit_vector_source(t, n, XMM0),
		   jit_size_bits(size));
	if (size == SIZE_B) {
		jit_v2(t, MOVAPS, XMM1, jit_constant(t, CONSTANT_LOW_BYTES));
		jit_v3(t, PANDN, XMM1, XMM1, jit_vector_rm(t, m));
		jit_v3(t, POR, XMM0, XMM0, rm_reg(XMM1));
	} else {
		jit_v3_imm(t, PBLENDW, XMM0, XMM0, jit_vector_rm(t, m),
			   size == SIZE_H ? 0xaa : 0xcc);
	}
}

static void emit_trn(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool odd = item->info->arg;

	jit_check_fp(t, item);
	if (i->ra == SIZE_D)
		jit_v3(t, odd ? PUNPCKHQDQ : PUNPCKLQDQ, XMM0, jit_vector_source(t, i->rn, XMM0),
		       jit_vector_rm(t, i->rm));
	else
		(odd ? transpose_odd : transpose_even)(t, i->ra, i->rn, i->rm);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* Bytes of Vm:Vn from byte ra on. */
static void emit_ext(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	if (jit_is_whole(item)) {
		jit_v3_imm(t, PALIGNR, XMM0, jit_vector_source(t, i->rm, XMM0),
			   jit_vector_rm(t, i->rn), i->ra);
	} else {
		jit_v3(t, PUNPCKLQDQ, XMM0, jit_vector_source(t, i->rn, XMM0),
		       jit_vector_rm(t, i->rm));
		jit_vshift(t, PSHIFTQ, SHIFT_BYTES_RIGHT, XMM0, XMM0, i->ra);
	}
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* REV16, REV32, REV64; arg: log2 of the group's bytes. */
static void emit_rev(struct translator *t, const struct jit_item *item)
{
	static const enum jit_constant by_group[] = {[1] = CONSTANT_REVERSE_16_B,
						     [2] = CONSTANT_REVERSE_32_B,
						     [3] = CONSTANT_REVERSE_64_B};
	unsigned group = item->info->arg;
	struct x86_rm from = jit_vector_rm(t, item->insn.rn);

	jit_check_fp(t, item);
	if (item->insn.ra == SIZE_S) {
		jit_v2_imm(t, PSHUFD, XMM0, from, 0xb1);
	} else if (item->insn.ra == SIZE_H) {
		jit_v2_imm(t, PSHUFLW, XMM0, from, group == 2 ? 0xb1 : 0x1b);
		jit_v2_imm(t, PSHUFHW, XMM0, rm_reg(XMM0), group == 2 ? 0xb1 : 0x1b);
	} else {
		jit_v3(t, PSHUFB, XMM0, jit_vector_source(t, item->insn.rn, XMM0),
		       jit_constant(t, by_group[group]));
	}
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Table look-up: ra bytes of table in registers from Vn on ---- */

/* To XMM0: 0 for what is outside. PSHUFB gives 0 where bit 7 of the index is set. */
static void look_up(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_vector_load(t, XMM1, i->rm);
	for (unsigned n = 0; n < i->ra / 16u; n++) {
		int part = n ? XMM3 : XMM0;

		if (n)
			jit_v3(t, PSUBB, XMM1, XMM1, jit_constant(t, CONSTANT_TABLE_SIZE));
		jit_v3(t, PADDUSB, XMM2, XMM1, jit_constant(t, CONSTANT_TABLE_LIMIT));
		jit_v3(t, PSHUFB, part, jit_vector_source(t, (i->rn + n) % 32, part), rm_reg(XMM2));
		if (n)
			jit_v3(t, POR, XMM0, XMM0, rm_reg(XMM3));
	}
}

/* arg: TBX, which keeps the destination where the index is outside. */
static void emit_table(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	look_up(t, item);
	if (item->info->arg) {
		load_immediate(t, XMM1, i->ra * 0x0101010101010101ULL);
		jit_v3(t, PMAXUB, XMM1, XMM1, jit_vector_rm(t, i->rm));
		jit_v3(t, PCMPEQB, XMM1, XMM1, jit_vector_rm(t, i->rm));
		jit_v3(t, PAND, XMM1, XMM1, jit_vector_rm(t, i->rd));
		jit_v3(t, POR, XMM0, XMM0, rm_reg(XMM1));
	}
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

#define V_D    (JIT_FP | JIT_KEEPS | JIT_DEF_VD)
#define TO_X   (JIT_FP | JIT_KEEPS | JIT_USE_VN | JIT_DEF_D)
#define FROM_X (JIT_FP | JIT_KEEPS | JIT_DEF_VD | JIT_USE_N)
#define INTO_V (FROM_X | JIT_USE_VD)

#define COPIES(letter, size)                                                  \
	[A64_OP_DUP_elem_##letter] = {emit_dup_element, V_N, size, NULL},     \
	[A64_OP_DUP_##letter] = {emit_dup, FROM_X, size, NULL},               \
	[A64_OP_DUP_scalar_##letter] = {emit_dup_scalar, V_N, size, NULL},    \
	[A64_OP_INS_##letter] = {emit_insert, INTO_V, size, NULL},            \
	[A64_OP_INS_elem_##letter] = {emit_insert_element, V_DN, size, NULL}, \
	[A64_OP_UMOV_##letter] = {emit_extract, TO_X, size, NULL}

const struct jit_op jit_simd_permute_ops[A64_OPS] = {
	COPIES(b, SIZE_B),
	COPIES(h, SIZE_H),
	COPIES(s, SIZE_S),
	COPIES(d, SIZE_D),
	[A64_OP_SMOV_b] = {emit_extract, TO_X, SIZE_B | SIGNED, NULL},
	[A64_OP_SMOV_h] = {emit_extract, TO_X, SIZE_H | SIGNED, NULL},
	[A64_OP_SMOV_s] = {emit_extract, TO_X, SIZE_S | SIGNED, NULL},
	[A64_OP_FMOV_x_top] = {emit_extract_top, TO_X, 0, NULL},
	[A64_OP_FMOV_top_x] = {emit_insert_top, INTO_V, 0, NULL},
	[A64_OP_MOVI_v] = {emit_move_immediate, V_D, 0, NULL},
	[A64_OP_MVNI_v] = {emit_move_immediate, V_D, 0, NULL},
	[A64_OP_ORR_imm_v] = {emit_combine_immediate, V_D | JIT_USE_VD, POR, NULL},
	[A64_OP_BIC_imm_v] = {emit_combine_immediate, V_D | JIT_USE_VD, PANDN, NULL},
	[A64_OP_FMOV_vector_imm_h] = {emit_fmov_immediate, V_D, 0, NULL},
	[A64_OP_FMOV_vector_imm_s] = {emit_fmov_immediate, V_D, 0, NULL},
	[A64_OP_FMOV_vector_imm_d] = {emit_fmov_immediate, V_D, 0, NULL},
	[A64_OP_UZP1_v] = {emit_uzp, V_NM, 0, NULL},
	[A64_OP_UZP2_v] = {emit_uzp, V_NM, 1, NULL},
	[A64_OP_ZIP1_v] = {emit_zip, V_NM, 0, NULL},
	[A64_OP_ZIP2_v] = {emit_zip, V_NM, 1, NULL},
	[A64_OP_TRN1_v] = {emit_trn, V_NM, 0, NULL},
	[A64_OP_TRN2_v] = {emit_trn, V_NM, 1, NULL},
	[A64_OP_EXT_v] = {emit_ext, V_NM, 0, NULL},
	[A64_OP_REV16_v] = {emit_rev, V_N, 1, NULL},
	[A64_OP_REV32_v] = {emit_rev, V_N, 2, NULL},
	[A64_OP_REV64_v] = {emit_rev, V_N, 3, NULL},
	[A64_OP_TBL_v] = {emit_table, V_NM | JIT_TABLE, 0, NULL},
	[A64_OP_TBX_v] = {emit_table, V_DNM | JIT_TABLE, 1, NULL},
};
