/*
 * The Cryptographic Extension and CRC32 (core/a64/exec_crypto.c, exec_integer.c) on the host's
 * instructions for the same purposes: AES-NI, PCLMULQDQ, SHA. Where the host has none, the
 * interpreter's function is called.
 */
#include "core/a64/jit/simd.h"

static bool has_aes(const struct jit_host *host, const struct a64_insn *i)
{
	(void)i;
	return host->aes;
}

static bool has_pclmul(const struct jit_host *host, const struct a64_insn *i)
{
	(void)i;
	return host->pclmul;
}

static bool has_sha(const struct jit_host *host, const struct a64_insn *i)
{
	(void)i;
	return host->sha;
}

/* ---- Instructions that come in pairs ---- */

/* Is `second` what comes right after `first`, in the same block? */
static bool are_neighbours(const struct translator *t, const struct jit_item *first,
			   const struct jit_item *second)
{
	const struct jit_item *items = t->region.items;

	return first >= items && second < items + t->region.items_count &&
	       first->block == second->block;
}

/* AESE and AESMC of its result, or AESD and AESIMC: together a round of the host's. */
static bool is_round(const struct translator *t, const struct jit_item *first)
{
	const struct jit_item *second = first + 1;
	unsigned mix = first->op == A64_OP_AESE ? A64_OP_AESMC : A64_OP_AESIMC;

	return are_neighbours(t, first, second) && second->op == mix &&
	       (first->op == A64_OP_AESE || first->op == A64_OP_AESD) &&
	       second->insn.rn == first->insn.rd && second->insn.rd == first->insn.rd;
}

/* ---- AES. The host adds the key last, the guest first: with a key of zero both agree ---- */

/* AESE, AESD. */
static void emit_aes(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool encrypt = item->op == A64_OP_AESE;
	unsigned last = encrypt ? AESENCLAST : AESDECLAST, with_mix = encrypt ? AESENC : AESDEC;

	jit_check_fp(t, item);
	jit_v3(t, PXOR, XMM0, jit_vector_source(t, i->rd, XMM0), jit_vector_rm(t, i->rn));
	jit_vzero(t, XMM1);
	jit_v2(t, is_round(t, item) ? with_mix : last, XMM0, rm_reg(XMM1));
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/* MixColumns alone is a round after the inverse of all the rest of it. */
static void emit_aesmc(struct translator *t, const struct jit_item *item)
{
	if (are_neighbours(t, item - 1, item) && is_round(t, item - 1))
		return;
	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, item->insn.rn);
	jit_vzero(t, XMM1);
	jit_v2(t, AESDECLAST, XMM0, rm_reg(XMM1));
	jit_v2(t, AESENC, XMM0, rm_reg(XMM1));
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

static void emit_aesimc(struct translator *t, const struct jit_item *item)
{
	if (are_neighbours(t, item - 1, item) && is_round(t, item - 1))
		return;
	jit_check_fp(t, item);
	jit_v2(t, AESIMC, XMM0, jit_vector_rm(t, item->insn.rn));
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

/* ---- Polynomials ---- */

static void emit_pmull(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_v3_imm(t, PCLMULQDQ, XMM0, jit_vector_source(t, i->rn, XMM0), jit_vector_rm(t, i->rm),
		   i->ra ? 0x11 : 0);
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/*
 * The product of XMM1 and XMM2 to XMM0, element by element, of as many bits as an element has: from the
 * uppermost bit of XMM2 on, what is there so far times x, and XMM1 where the bit is 1.
 */
static void multiply_polynomials(struct translator *t, unsigned size)
{
	unsigned twice = jit_packed[P_ADD][size], greater = jit_packed[P_GREATER][size];

	jit_vzero(t, XMM0);
	for (unsigned bit = 0; bit < 8; bit++) {
		jit_v3(t, twice, XMM0, XMM0, rm_reg(XMM0));
		jit_vzero(t, XMM3);
		jit_v3(t, greater, XMM3, XMM3, rm_reg(XMM2));
		jit_v3(t, PAND, XMM3, XMM3, rm_reg(XMM1));
		jit_v3(t, PXOR, XMM0, XMM0, rm_reg(XMM3));
		jit_v3(t, twice, XMM2, XMM2, rm_reg(XMM2));
	}
}

static void emit_pmul(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_simd_load(t, item, XMM1, item->insn.rn);
	jit_simd_load(t, item, XMM2, item->insn.rm);
	multiply_polynomials(t, SIZE_B);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* Of bytes to words: eight bits of the second operand, in the upper bytes. ra says which halves. */
static void emit_pmull_bytes(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned half = i->ra >> 2 & 1;

	jit_check_fp(t, item);
	jit_vector_extend(t, XMM1, i->rn, half, SIZE_B, false);
	jit_vector_extend(t, XMM2, i->rm, half, SIZE_B, false);
	jit_vshift(t, PSHIFTW, SHIFT_LEFT, XMM2, XMM2, 8);
	multiply_polynomials(t, SIZE_H);
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/*
 * CRC32: the remainder of D * x^32 by the polynomial P, D being data and old CRC added, as Barrett
 * reduces it: the quotient is the part without fraction of D * (x^96 / P), and what quotient * P has
 * below x^32 is the remainder. All is bit-reflected, so that is what lies above bit 64; D is in
 * the uppermost bits. arg: log2 of its bytes.
 */
static void emit_crc32(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	unsigned size = item->info->arg;
	int data = jit_source(t, i->rm, RDX), target = jit_target(t, i->rd, RAX);

	jit_load_to(t, false, RAX, i->rn);
	if (size < SIZE_S)
		emit_mov(c, false, RCX, RAX);
	emit_alu(c, ALU_XOR, size == SIZE_D, RAX, rm_reg(data));
	emit_shift_imm(c, SHIFT_SHL, true, RAX, 64 - jit_size_bits(size));
	emit_rm(c, MOVD, true, XMM0, rm_reg(RAX));
	jit_v2(t, MOVAPS, XMM1, jit_constant(t, CONSTANT_CRC32));
	jit_v3_imm(t, PCLMULQDQ, XMM0, XMM0, rm_reg(XMM1), 0);
	jit_v3_imm(t, PCLMULQDQ, XMM0, XMM0, rm_reg(XMM1), 0x10);
	emit_rm(c, PEXTRD, false, XMM0, rm_reg(target));
	emit8(c, 2);
	if (size < SIZE_S) { /* the rest of the old CRC moves down */
		emit_shift_imm(c, SHIFT_SHR, false, RCX, jit_size_bits(size));
		emit_alu(c, ALU_XOR, false, target, rm_reg(RCX));
	}
	jit_target_done(t, i->rd, target);
}

/* ---- SHA-1: the host's vectors are in reverse order, and it adds the round constant itself ---- */

/* arg: which function and constant. */
static void emit_sha1_rounds(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned function = item->info->arg;

	jit_check_fp(t, item);
	jit_vector_load(t, XMM1, i->rm);
	jit_v3(t, PSUBD, XMM1, XMM1, jit_constant(t, CONSTANT_SHA1_K + function));
	jit_vector_load_scalar(t, SIZE_S, XMM2, i->rn);
	jit_v3(t, PADDD, XMM1, XMM1, rm_reg(XMM2));
	jit_v2_imm(t, PSHUFD, XMM1, rm_reg(XMM1), 0x1b);
	jit_v2_imm(t, PSHUFD, XMM0, jit_vector_rm(t, i->rd), 0x1b);
	jit_v2_imm(t, SHA1RNDS4, XMM0, rm_reg(XMM1), function);
	jit_v2_imm(t, PSHUFD, XMM0, rm_reg(XMM0), 0x1b);
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/* Each word of `reg` rotated left. */
static void rotate_words(struct translator *t, int reg, int scratch, unsigned by)
{
	jit_vshift(t, PSHIFTD, SHIFT_RIGHT, scratch, reg, 32 - by);
	jit_vshift(t, PSHIFTD, SHIFT_LEFT, reg, reg, by);
	jit_v3(t, POR, reg, reg, rm_reg(scratch));
}

static void emit_sha1h(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vector_load_scalar(t, SIZE_S, XMM0, item->insn.rn);
	rotate_words(t, XMM0, XMM1, 30);
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

static void emit_sha1su0(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_v3_imm(t, SHUFPD, XMM0, jit_vector_source(t, i->rd, XMM0), jit_vector_rm(t, i->rn), 1);
	jit_v3(t, PXOR, XMM0, XMM0, jit_vector_rm(t, i->rd));
	jit_v3(t, PXOR, XMM0, XMM0, jit_vector_rm(t, i->rm));
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/* The last word depends on the first. */
static void emit_sha1su1(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_vshift(t, PSHIFTQ, SHIFT_BYTES_RIGHT, XMM0, jit_vector_source(t, i->rn, XMM0), 4);
	jit_v3(t, PXOR, XMM0, XMM0, jit_vector_rm(t, i->rd));
	rotate_words(t, XMM0, XMM1, 1);
	jit_vshift(t, PSHIFTQ, SHIFT_BYTES_LEFT, XMM1, XMM0, 12);
	rotate_words(t, XMM1, XMM2, 1);
	jit_v3(t, PXOR, XMM0, XMM0, rm_reg(XMM1));
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/* ---- SHA-256 ---- */

/* From the lowest: b, a of one and b, a of the other; or d, c and d, c. Inverts itself. */
#define SECOND_FIRST 0x11
#define FOURTH_THIRD 0xbb

/*
 * Four rounds. The host has f, e, b, a in one register and h, g, d, c in the other, and XMM0 is the
 * schedule of two rounds; after which the old f, e, b, a are the new h, g, d, c. To XMM1 and XMM2.
 */
static void sha256_rounds(struct translator *t, unsigned abcd, unsigned efgh, unsigned schedule)
{
	int e = jit_vector_source(t, efgh, XMM3);

	jit_v3_imm(t, SHUFPS, XMM1, e, jit_vector_rm(t, abcd), SECOND_FIRST);
	jit_v3_imm(t, SHUFPS, XMM2, e, jit_vector_rm(t, abcd), FOURTH_THIRD);
	jit_vector_load(t, XMM0, schedule);
	jit_v2(t, SHA256RNDS2, XMM2, rm_reg(XMM1));
	jit_v2_imm(t, PSHUFD, XMM0, rm_reg(XMM0), 0x0e);
	jit_v2(t, SHA256RNDS2, XMM1, rm_reg(XMM2));
}

static void emit_sha256h(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	sha256_rounds(t, i->rd, i->rn, i->rm);
	jit_v3_imm(t, SHUFPS, XMM3, XMM1, rm_reg(XMM2), FOURTH_THIRD);
	jit_vector_store(t, i->rd, XMM3);
	jit_slow_back(t, item);
}

/*
 * As it is used, the same rounds have just been made by SHA256H, before which the old a, b, c, d were
 * put aside: XMM1 and XMM2 have the result.
 */
static bool is_second_half(const struct translator *t, const struct jit_item *item)
{
	const struct jit_item *first = item - 1, *copy = item - 2;

	return are_neighbours(t, copy, item) && first->op == A64_OP_SHA256H &&
	       copy->op == A64_OP_ORR_v && jit_is_whole(copy) && copy->insn.rn == copy->insn.rm &&
	       copy->insn.rn == first->insn.rd && copy->insn.rd == item->insn.rn &&
	       first->insn.rn == item->insn.rd && first->insn.rm == item->insn.rm &&
	       first->insn.rd != item->insn.rn && first->insn.rd != item->insn.rd &&
	       first->insn.rd != item->insn.rm && copy->insn.rd != item->insn.rm &&
	       copy->insn.rd != item->insn.rd;
}

static void emit_sha256h2(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	if (!is_second_half(t, item))
		sha256_rounds(t, i->rn, i->rd, i->rm);
	jit_v3_imm(t, SHUFPS, XMM1, XMM1, rm_reg(XMM2), SECOND_FIRST);
	jit_vector_store(t, i->rd, XMM1);
	jit_slow_back(t, item);
}

static void emit_sha256su0(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, i->rd);
	jit_v2(t, SHA256MSG1, XMM0, jit_vector_rm(t, i->rn));
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

static void emit_sha256su1(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_v3_imm(t, PALIGNR, XMM0, jit_vector_source(t, i->rm, XMM0), jit_vector_rm(t, i->rn), 4);
	jit_v3(t, PADDD, XMM0, XMM0, jit_vector_rm(t, i->rd));
	jit_v2(t, SHA256MSG2, XMM0, jit_vector_rm(t, i->rm));
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

#define CRC (JIT_DEF_D | JIT_USE_N | JIT_USE_M)

const struct jit_op jit_crypto_ops[A64_OPS] = {
	[A64_OP_AESE] = {emit_aes, V_DN, 0, has_aes},
	[A64_OP_AESD] = {emit_aes, V_DN, 0, has_aes},
	[A64_OP_AESMC] = {emit_aesmc, V_N, 0, has_aes},
	[A64_OP_AESIMC] = {emit_aesimc, V_N, 0, has_aes},
	[A64_OP_PMULL_64] = {emit_pmull, V_NM, 0, has_pclmul},
	[A64_OP_PMUL_v] = {emit_pmul, V_NM, 0, NULL},
	[A64_OP_PMULL_v] = {emit_pmull_bytes, V_NM, 0, NULL},
	[A64_OP_CRC32B] = {emit_crc32, CRC, SIZE_B, has_pclmul},
	[A64_OP_CRC32H] = {emit_crc32, CRC, SIZE_H, has_pclmul},
	[A64_OP_CRC32W] = {emit_crc32, CRC, SIZE_S, has_pclmul},
	[A64_OP_CRC32X] = {emit_crc32, CRC, SIZE_D, has_pclmul},
	[A64_OP_SHA1C] = {emit_sha1_rounds, V_DNM, 0, has_sha},
	[A64_OP_SHA1P] = {emit_sha1_rounds, V_DNM, 1, has_sha},
	[A64_OP_SHA1M] = {emit_sha1_rounds, V_DNM, 2, has_sha},
	[A64_OP_SHA1H] = {emit_sha1h, V_N, 0, NULL},
	[A64_OP_SHA1SU0] = {emit_sha1su0, V_DNM, 0, NULL},
	[A64_OP_SHA1SU1] = {emit_sha1su1, V_DN, 0, NULL},
	[A64_OP_SHA256H] = {emit_sha256h, V_DNM, 0, has_sha},
	[A64_OP_SHA256H2] = {emit_sha256h2, V_DNM, 0, has_sha},
	[A64_OP_SHA256SU0] = {emit_sha256su0, V_DN, 0, has_sha},
	[A64_OP_SHA256SU1] = {emit_sha256su1, V_DNM, 0, has_sha},
};
