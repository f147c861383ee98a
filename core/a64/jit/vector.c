/*
 * Guest vector registers as operands of host instructions, and the instructions in a form that suits
 * both SSE, whose destination is the first operand, and AVX.
 */
#include "core/a64/jit/vector.h"

/* ---- Constants ---- */

#define ALL_B(value) ((value) * 0x0101010101010101ULL)
#define ALL_H(value) ((value) * 0x0001000100010001ULL)
#define ALL_S(value) ((value) * 0x0000000100000001ULL)
#define SAME(value)  {value, value}

static const uint64_t constants[JIT_CONSTANTS][2] = {
	[CONSTANT_LOW_BYTES] = SAME(ALL_H(0xffULL)),
	[CONSTANT_LOW_WORDS] = SAME(ALL_S(0xffffULL)),
	[CONSTANT_LOW_NIBBLES] = SAME(ALL_B(0x0fULL)),
	[CONSTANT_ONE_B] = SAME(ALL_B(1ULL)),
	[CONSTANT_ONE_H] = SAME(ALL_H(1ULL)),
	[CONSTANT_SIGN_B] = SAME(ALL_B(0x80ULL)),
	[CONSTANT_SIGN_H] = SAME(ALL_H(0x8000ULL)),
	[CONSTANT_SIGN_S] = SAME(ALL_S(0x80000000ULL)),
	[CONSTANT_SIGN_D] = SAME(0x8000000000000000ULL),
	[CONSTANT_HALF_S] = SAME(ALL_S(0x3effffffULL)),
	[CONSTANT_HALF_D] = SAME(0x3fdfffffffffffff),
	[CONSTANT_TINY_S] = SAME(ALL_S(0x00800000ULL)),
	[CONSTANT_TINY_D] = SAME(0x0010000000000000),
	[CONSTANT_UPPER_ONES] = {0, ALL_S(0x3f800000ULL)},
	[CONSTANT_REVERSE_16_B] = {0x0607040502030001, 0x0e0f0c0d0a0b0809},
	[CONSTANT_REVERSE_32_B] = {0x0405060700010203, 0x0c0d0e0f08090a0b},
	[CONSTANT_REVERSE_64_B] = {0x0001020304050607, 0x08090a0b0c0d0e0f},
	[CONSTANT_BIT_COUNTS] = {0x0302020102010100, 0x0403030203020201},
	[CONSTANT_REVERSED_NIBBLES] = {0x0e060a020c040800, 0x0f070b030d050901},
	[CONSTANT_TABLE_SIZE] = SAME(ALL_B(16ULL)),
	[CONSTANT_TABLE_LIMIT] = SAME(ALL_B(0x70ULL)),
	[CONSTANT_CRC32] = {0xb4e5b025f7011641, 0x1db710641},
	[CONSTANT_SHA1_K] = SAME(ALL_S(0x5a827999ULL)),
	[CONSTANT_SHA1_K + 1] = SAME(ALL_S(0x6ed9eba1ULL)),
	[CONSTANT_SHA1_K + 2] = SAME(ALL_S(0x8f1bbcdcULL)),
};

void jit_constants_emit(struct a64_jit *jit, struct code *code)
{
	jit->constants = code->p;
	for (unsigned n = 0; n < JIT_CONSTANTS; n++) {
		emit64(code, constants[n][0]);
		emit64(code, constants[n][1]);
	}
}

struct x86_rm jit_constant(const struct translator *t, enum jit_constant constant)
{
	return rm_rip(t->jit->constants + 16 * constant);
}

/* ---- Operands ---- */

static struct x86_rm half_at(unsigned v, unsigned half)
{
	return cpu_at(offsetof(struct a64_cpu, v) + 16 * v + 8 * half);
}

static bool in_host(const struct translator *t, unsigned v)
{
	return t->host_xmm[v] != JIT_NO_REG;
}

/* ---- What is above the lowest bytes ---- */

static void zero_above(struct translator *t, int to, int from, unsigned bytes)
{
	if (bytes == 8)
		jit_v2(t, MOVQ, to, rm_reg(from));
	else /* all but the lowest element are zeroed */
		jit_v2_imm(t, INSERTPS, to, rm_reg(from), 0x0e);
}

/* How many bytes of the host register are the guest's. */
static unsigned valid_bytes(const struct translator *t, unsigned v)
{
	if (t->vectors.singles >> v & 1)
		return 4;
	return t->vectors.halves >> v & 1 ? 8 : 16;
}

static void set_valid_bytes(struct translator *t, unsigned v, unsigned bytes)
{
	t->vectors.halves &= ~(1u << v);
	t->vectors.singles &= ~(1u << v);
	if (bytes == 8)
		t->vectors.halves |= 1u << v;
	else if (bytes == 4)
		t->vectors.singles |= 1u << v;
}

void jit_vector_need(struct translator *t, unsigned v, unsigned bytes)
{
	unsigned valid = valid_bytes(t, v);

	if (!in_host(t, v) || valid >= bytes)
		return;
	zero_above(t, t->host_xmm[v], t->host_xmm[v], valid);
	set_valid_bytes(t, v, 16);
}

void jit_vectors_settle(struct translator *t, jit_set guests)
{
	for (unsigned v = 0; v < 32; v++)
		if (guests >> (JIT_VECTORS + v) & 1)
			jit_vector_need(t, v, 16);
}

/* ---- Operands ---- */

struct x86_rm jit_vector_rm_low(struct translator *t, unsigned v, unsigned bytes)
{
	jit_vector_need(t, v, bytes);
	return in_host(t, v) ? rm_reg(t->host_xmm[v]) : half_at(v, 0);
}

int jit_vector_source_low(struct translator *t, unsigned v, int scratch, unsigned bytes)
{
	if (!in_host(t, v)) {
		jit_vector_load_low(t, scratch, v, bytes);
		return scratch;
	}
	jit_vector_need(t, v, bytes);
	return t->host_xmm[v];
}

void jit_vector_load_low(struct translator *t, int reg, unsigned v, unsigned bytes)
{
	unsigned op = in_host(t, v) || bytes > 8 ? MOVAPS : bytes > 4 ? MOVSD : MOVSS;

	jit_v2(t, op, reg, jit_vector_rm_low(t, v, bytes));
}

void jit_vector_load_half(struct translator *t, int reg, unsigned v, unsigned half)
{
	jit_vector_need(t, v, half ? 16 : 8);
	if (!in_host(t, v))
		jit_v2(t, MOVQ, reg, half_at(v, half));
	else if (half)
		jit_vshift(t, PSHIFTQ, SHIFT_BYTES_RIGHT, reg, t->host_xmm[v], 8);
	else
		zero_above(t, reg, t->host_xmm[v], 8);
}

void jit_vector_load_scalar(struct translator *t, unsigned size, int reg, unsigned v)
{
	unsigned bytes = 1u << size;

	jit_vector_need(t, v, bytes);
	if (in_host(t, v))
		zero_above(t, reg, t->host_xmm[v], bytes);
	else
		jit_vector_load_low(t, reg, v, bytes);
}

void jit_vector_extend(struct translator *t, int reg, unsigned v, unsigned half, unsigned size,
		       bool is_signed)
{
	static const uint32_t ops[2][3] = {{PMOVZXBW, PMOVZXWD, PMOVZXDQ},
					   {PMOVSXBW, PMOVSXWD, PMOVSXDQ}};
	struct x86_rm from = half_at(v, half);

	jit_vector_need(t, v, half ? 16 : 8);
	if (in_host(t, v)) {
		from = rm_reg(half ? reg : t->host_xmm[v]);
		if (half)
			jit_v2_imm(t, PSHUFD, reg, rm_reg(t->host_xmm[v]), 0xee);
	}
	jit_v2(t, ops[is_signed][size], reg, from);
}

int jit_vector_target(const struct translator *t, unsigned v, int scratch)
{
	return in_host(t, v) ? t->host_xmm[v] : scratch;
}

void jit_vector_store_low(struct translator *t, unsigned v, int reg, unsigned bytes)
{
	if (in_host(t, v)) {
		jit_vmov(t, t->host_xmm[v], reg);
		set_valid_bytes(t, v, bytes);
		return;
	}
	if (bytes < 16)
		zero_above(t, XMM5, reg, bytes);
	jit_v2(t, MOVAPS_STORE, bytes < 16 ? XMM5 : reg, half_at(v, 0));
}

void jit_vector_extract(struct translator *t, unsigned size, int to, unsigned v, unsigned index,
			bool is_signed, bool wide)
{
	static const unsigned ops[4] = {PEXTRB, PEXTRW, PEXTRD, PEXTRD};
	static const unsigned loads[2][4] = {{0x1b6, 0x1b7, 0x8b, 0x8b},
					     {0x1be, 0x1bf, 0x63, 0x8b}};
	struct x86_rm from = jit_vector_rm_low(t, v, (index + 1) << size);
	struct code *c = &t->code;

	wide |= size == SIZE_D;
	if (!from.is_reg) {
		from.disp += (int32_t)(index << size);
		emit_rm(c, loads[is_signed][size], wide, to, from);
		return;
	}
	if (index == 0 && size >= SIZE_S) {
		emit_rm(c, MOVD_STORE, size == SIZE_D, from.base, rm_reg(to));
	} else {
		emit_rm(c, ops[size], size == SIZE_D, from.base, rm_reg(to));
		emit8(c, index);
	}
	if (is_signed)
		emit_op(c, loads[1][size], wide, size == SIZE_B, to, rm_reg(to));
}

void jit_vector_from_general(struct translator *t, unsigned size, unsigned v, int reg)
{
	int target = jit_vector_target(t, v, XMM0);

	emit_rm(&t->code, MOVD, size == SIZE_D, target, rm_reg(reg));
	jit_vector_store(t, v, target);
}

void jit_vector_spill(struct translator *t, unsigned v)
{
	jit_vector_need(t, v, 16);
	jit_v2(t, MOVAPS_STORE, t->host_xmm[v], half_at(v, 0));
}

void jit_vector_reload(struct translator *t, unsigned v)
{
	set_valid_bytes(t, v, 16);
	jit_v2(t, MOVAPS, t->host_xmm[v], half_at(v, 0));
}

/* ---- Instructions ---- */

void jit_v3(struct translator *t, unsigned op, int to, int a, struct x86_rm b)
{
	struct code *c = &t->code;

	if (to == a) {
		emit_rm(c, op, false, to, b);
	} else if (t->jit->host.avx) {
		emit_vex(c, op, false, to, a, b);
	} else {
		if (b.is_reg && b.base == to) {
			jit_vmov(t, XMM5, to);
			b = rm_reg(XMM5);
		}
		jit_vmov(t, to, a);
		emit_rm(c, op, false, to, b);
	}
}

void jit_v3_imm(struct translator *t, unsigned op, int to, int a, struct x86_rm b, unsigned imm)
{
	jit_v3(t, op, to, a, b);
	emit8(&t->code, imm);
}

void jit_v2(struct translator *t, unsigned op, int to, struct x86_rm b)
{
	emit_rm(&t->code, op, false, to, b);
}

void jit_v2_imm(struct translator *t, unsigned op, int to, struct x86_rm b, unsigned imm)
{
	jit_v2(t, op, to, b);
	emit8(&t->code, imm);
}

void jit_vshift(struct translator *t, unsigned op, enum sse_shift shift, int to, int a, unsigned by)
{
	struct code *c = &t->code;

	if (to == a) {
		emit_rm(c, op, false, (int)shift, rm_reg(to));
	} else if (t->jit->host.avx) { /* VEX.vvvv is the destination */
		emit_vex(c, op, false, (int)shift, to, rm_reg(a));
	} else {
		jit_vmov(t, to, a);
		emit_rm(c, op, false, (int)shift, rm_reg(to));
	}
	emit8(c, by);
}

void jit_vmov(struct translator *t, int to, int from)
{
	if (to != from)
		jit_v2(t, MOVAPS, to, rm_reg(from));
}

void jit_vzero(struct translator *t, int reg)
{
	jit_v2(t, PXOR, reg, rm_reg(reg));
}

void jit_vones(struct translator *t, int reg)
{
	jit_v2(t, PCMPEQD, reg, rm_reg(reg));
}

/* ---- Checks ---- */

bool jit_has_fma(const struct jit_host *host, const struct a64_insn *i)
{
	(void)i;
	return host->fma;
}

/*
 * Rounding is to nearest, and nothing is flushed to zero. Otherwise the interpreter goes on from
 * here; where that would only enter this region again, its function for this instruction.
 */
static void check_mode(struct translator *t, const struct jit_item *item)
{
	struct fixup *fixup;

	emit_test_imm(&t->code, false, CPU(fpcr), FPCR_FZ | FPCR_RMODE);
	if (jit_is_entry(&t->region, item)) {
		jit_slow(t, item, CC_NE);
		return;
	}
	fixup = jit_fixup(t, FIXUP_ATTENTION, emit_jcc(&t->code, CC_NE));
	fixup->slot = item->slot;
	fixup->before = (uint16_t)t->before;
	fixup->dirty = item->dirty;
}

void jit_check_fp(struct translator *t, const struct jit_item *item)
{
	if (jit_fp_checks_enabled(t, item)) {
		emit_cmp8_imm(&t->code, CPU(fp_trapped), 0);
		jit_slow(t, item, CC_NE);
	}
	if (jit_fp_checks_mode(t, item))
		check_mode(t, item);
}
