/*
 * The image, from 0x40080000 on (VA = PA, and the same again in the upper half):
 *
 *	0x00000  set-up: MMU, vectors, registers, ERET into the program
 *	0x01000  translation tables, levels 1 to 3
 *	0x04000  what the registers begin with
 *	0x05000  vectors: each handler goes on behind the instruction that raised the exception
 *	0x08000  code, 4 pages: the program, and around it branches to its start
 *	0x10000  data, 16 pages of different kinds
 *
 * So that most loads and stores hit, x16 to x23 and SP point to data, x24 to x27 are small numbers, x28
 * and x29 point to code, and instructions rarely write them. Backward branches are conditional, but
 * for the one at the end.
 */
#include "harness/tests/random_program.h"

#include <stddef.h>
#include <string.h>

#include "core/a64/decode.h"
#include "core/sysreg.h"

#define LOAD_ADDRESS 0x40080000ULL
#define UPPER	     0xffffff8000000000ULL

#define TABLES	   0x1000u
#define REGISTERS  0x4000u
#define VECTORS	   0x5000u
#define CODE	   RANDOM_CODE_OFFSET
#define DATA	   0x10000u
#define CODE_INSNS ((DATA - CODE) / 4 / 2) /* 4 pages */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* --- Numbers: xorshift64* (Vigna, 2016) --- */

uint64_t random_program_number(struct random_program *p)
{
	p->state ^= p->state >> 12;
	p->state ^= p->state << 25;
	p->state ^= p->state >> 27;
	return p->state * 0x2545f4914f6cdd1d;
}

static unsigned below(struct random_program *p, unsigned limit)
{
	return (unsigned)(random_program_number(p) >> 32) % limit;
}

static bool percent(struct random_program *p, unsigned chance)
{
	return below(p, 100) < chance;
}

static unsigned from(struct random_program *p, unsigned first, unsigned last)
{
	return first + below(p, last - first + 1);
}

/* --- The image --- */

static void put_word(struct random_program *p, uint32_t *offset, uint32_t word)
{
	memcpy(p->image + *offset, &word, sizeof(word));
	*offset += sizeof(word);
}

static void put_double(struct random_program *p, uint32_t offset, uint64_t value)
{
	memcpy(p->image + offset, &value, sizeof(value));
}

static uint64_t address(const struct random_program *p, uint32_t offset)
{
	return (p->upper ? UPPER : 0) + LOAD_ADDRESS + offset;
}

/* --- Translation tables: 4 KiB, 39 bits --- */

#define PAGE	 0x703ULL /* AF, inner shareable */
#define USER	 (1ULL << 6)
#define READONLY (1ULL << 7)
#define DEVICE	 (1ULL << 2)
#define NG	 (1ULL << 11)

static void put_tables(struct random_program *p)
{
	/* What the data pages have beside PAGE; two of them are not mapped. */
	static const uint64_t kinds[16] = {
		USER, USER, USER, USER, USER | NG,     USER | NG,
		USER, USER, USER, 0,	USER | DEVICE, USER | READONLY,
		USER, USER, USER, USER,
	};
	uint32_t level1 = TABLES, level2 = TABLES + 0x1000, level3 = TABLES + 0x2000;

	put_double(p, level1 + 8, (LOAD_ADDRESS + level2) | 3);
	put_double(p, level2, (LOAD_ADDRESS + level3) | 3);
	for (uint32_t offset = 0; offset < RANDOM_IMAGE_SIZE; offset += 0x1000) {
		uint32_t entry = level3 + (uint32_t)((LOAD_ADDRESS + offset) >> 12 & 511) * 8;
		uint64_t kind = offset < DATA ? USER | READONLY : kinds[(offset - DATA) >> 12];

		if (offset != DATA + 0xe000 && offset != DATA + 0xf000)
			put_double(p, entry, (LOAD_ADDRESS + offset) | PAGE | kind);
	}
}

/* --- Set-up and handlers --- */

#define SCTLR                                                                                   \
	(0x30d00800ULL | 1 << 0 /* M */ | 1 << 2 /* C */ | 1 << 9 /* UMA */ | 1 << 12 /* I */ | \
	 1 << 14 /* DZE */ | 1 << 15 /* UCT */ | 1 << 26 /* UCI */)
#define SCTLR_SA (1 << 3 | 1 << 4)
#define TCR	 (25ULL | 25ULL << 16 | 2ULL << 30 /* 4K in both */ | 2ULL << 32 /* 40 bits */)
#define MAIR	 0x00ffULL /* 0 is Normal, 1 is Device */

static void put_mov(struct random_program *p, uint32_t *at, unsigned reg, uint64_t value)
{
	for (unsigned n = 0; n < 4; n++) /* MOVZ, and MOVKs */
		put_word(p, at,
			 (n ? 0xf2800000 : 0xd2800000) | n << 21 |
				 (uint32_t)(value >> 16 * n & 0xffff) << 5 | reg);
}

static void put_msr(struct random_program *p, uint32_t *at, uint16_t key, uint64_t value)
{
	put_mov(p, at, 0, value);
	put_word(p, at, 0xd5000000 | (uint32_t)key << 5);
}

static void put_vectors(struct random_program *p)
{
	static const uint32_t handler[] = {
		0xd5185100, /* msr afsr0_el1, x0 */
		0xd5185121, /* msr afsr1_el1, x1 */
		0xd5384020, /* mrs x0, elr_el1 */
		0x91001000, /* add x0, x0, #4 */
		0x927e2c00, /* and x0, x0, #0x3ffc */
		0,	    /* adr x1, code */
		0x8b010000, /* add x0, x0, x1 */
		0xd5184020, /* msr elr_el1, x0 */
		0xd5385100, /* mrs x0, afsr0_el1 */
		0xd5385121, /* mrs x1, afsr1_el1 */
		0xd69f03e0, /* eret */
	};

	for (uint32_t vector = VECTORS; vector < VECTORS + 0x800; vector += 0x80) {
		uint32_t at = vector;

		for (unsigned n = 0; n < COUNT(handler); n++) {
			uint32_t distance = CODE - at;

			put_word(p, &at, handler[n] ? handler[n] : 0x10000001 | distance << 3);
		}
	}
}

/* Numbers of interest as integers, as addresses and as floating point. */
static uint64_t value(struct random_program *p)
{
	static const uint64_t special[] = {
		0,
		1,
		UINT64_MAX,
		0x8000000000000000,
		0x7fffffffffffffff,
		0x80000000,
		0x7fffffff,
		0xffffffff,
		0x3ff0000000000000,
		0xbfe0000000000000,
		0x7ff0000000000000,
		0x7ff8000000000000,
		0x7ff0000000000001,
		0x0000000000000001,
		0x000fffffffffffff,
		0x3f8000003f800000,
		0x7f8000007fc00000,
		0x0080000000000001,
		0x3c003c003c003c00,
	};
	uint64_t number = random_program_number(p);

	switch (below(p, 8)) {
	case 0:
	case 1:
	case 2: return special[below(p, COUNT(special))];
	case 3: return number & 0xff;
	case 4: return (number & 0x803fffffffffffff) | 0x3fc0000000000000;
	case 5: return (number & 0x81ffffff81ffffff) | 0x3e0000003e000000;
	default: return number;
	}
}

/* In either half at EL1. */
static uint64_t data_address(struct random_program *p)
{
	uint64_t half = p->user ? 0 : percent(p, 50) ? UPPER : 0;

	return half + LOAD_ADDRESS + DATA + (below(p, 0xe000) & (percent(p, 80) ? ~15u : ~0u));
}

static uint64_t code_address(struct random_program *p)
{
	return address(p, CODE + (p->first + below(p, p->length)) * 4);
}

static uint64_t register_value(struct random_program *p, unsigned reg)
{
	if (reg >= 16 && reg < 24)
		return data_address(p);
	if (reg >= 24 && reg < 28)
		return below(p, 512);
	return reg >= 28 ? code_address(p) : value(p);
}

/* x0 to x30, then v0 to v31. */
#define REGISTER_X(n) (REGISTERS + (n) * 8)
#define REGISTER_V(n) (REGISTERS + 256 + (n) * 16)

static void put_registers(struct random_program *p)
{
	for (unsigned n = 0; n < 31; n++)
		put_double(p, REGISTER_X(n), register_value(p, n));
	for (unsigned n = 0; n < 64; n++)
		put_double(p, REGISTER_V(0) + n * 8, value(p));
}

static uint64_t first_fpcr(struct random_program *p)
{
	return percent(p, 80) ? 0 : random_program_number(p) & 0x07f80000;
}

static void put_setup(struct random_program *p)
{
	uint64_t sctlr = SCTLR | (percent(p, 50) ? SCTLR_SA : 0);
	uint32_t at = 0;

	put_msr(p, &at, SYSREG(3, 0, 10, 2, 0), MAIR);
	put_msr(p, &at, SYSREG(3, 0, 2, 0, 2), TCR);
	put_msr(p, &at, SYSREG(3, 0, 2, 0, 0), LOAD_ADDRESS + TABLES);
	put_msr(p, &at, SYSREG(3, 0, 2, 0, 1), LOAD_ADDRESS + TABLES);
	put_msr(p, &at, SYSREG(3, 0, 12, 0, 0), address(p, VECTORS));
	put_msr(p, &at, SYSREG(3, 0, 1, 0, 2), 3 << 20); /* CPACR_EL1.FPEN */
	put_word(p, &at, 0xd5033fdf);			 /* isb */
	put_msr(p, &at, SYSREG(3, 0, 1, 0, 0), sctlr);
	put_word(p, &at, 0xd5033fdf);
	put_msr(p, &at, SYSREG(3, 3, 4, 4, 0), first_fpcr(p));
	put_msr(p, &at, SYSREG(3, 0, 4, 1, 0), data_address(p) & ~15ULL); /* SP_EL0 */
	put_mov(p, &at, 0, data_address(p) & ~15ULL);
	put_word(p, &at, 0x9100001f);					 /* mov sp, x0 */
	put_msr(p, &at, SYSREG(3, 0, 4, 0, 1), code_address(p));	 /* ELR_EL1 */
	put_msr(p, &at, SYSREG(3, 0, 4, 0, 0), p->user ? 0x3c0 : 0x3c5); /* SPSR_EL1 */
	put_mov(p, &at, 29, LOAD_ADDRESS + REGISTERS);
	for (unsigned n = 0; n < 32; n++) /* ldr qN, [x29, #...] */
		put_word(p, &at, 0x3dc003a0 | (REGISTER_V(n) - REGISTERS) / 16 << 10 | n);
	for (unsigned n = 0; n < 31; n++) /* ldr xN, [x29, #...], x29 last */
		put_word(p, &at, 0xf94003a0 | (n + (n >= 29)) % 31 << 10 | (n + (n >= 29)) % 31);
	put_word(p, &at, 0xf94003a0 | 29 << 10 | 29);
	put_word(p, &at, 0xd69f03e0); /* eret */
}

/* --- Instructions --- */

/* The table in pieces of one kind, first and last. */
static const enum a64_op integer_ops[][2] = {
	{A64_OP_ADR, A64_OP_EXTR_64},
	{A64_OP_UDIV_32, A64_OP_UMULH},
};
static const enum a64_op branch_ops[][2] = {{A64_OP_B, A64_OP_RET}};
static const enum a64_op memory_ops[][2] = {{A64_OP_LDR_32_literal, A64_OP_LD4R}};
static const enum a64_op system_ops[][2] = {{A64_OP_SVC, A64_OP_TLBI_VAALE1}};
static const enum a64_op vector_ops[][2] = {{A64_OP_FMOV_s, A64_OP_SHA256SU0}};

/* What leaves the machine, sleeps, or goes anywhere. */
static bool is_left_out(enum a64_op op)
{
	return op == A64_OP_HVC || op == A64_OP_WFI || op == A64_OP_WFE || op == A64_OP_ERET;
}

static enum a64_op pick_from(struct random_program *p, const enum a64_op (*ranges)[2],
			     unsigned count)
{
	const enum a64_op *range = ranges[below(p, count)];

	return (enum a64_op)from(p, range[0], range[1]);
}

#define PICK(p, ranges) pick_from(p, ranges, COUNT(ranges))

static enum a64_op pick_op(struct random_program *p)
{
	unsigned kind = below(p, 100);

	if (kind < p->vector)
		return PICK(p, vector_ops);
	if (kind < p->vector + 4)
		return percent(p, 60)	? PICK(p, system_ops)
		       : percent(p, 50) ? A64_OP_MSR
					: A64_OP_MRS;
	kind = below(p, 100);
	if (kind < 15)
		return PICK(p, branch_ops);
	return kind < 50 ? PICK(p, memory_ops) : PICK(p, integer_ops);
}

/* Put a register's number into a field, where the instruction has a choice there. */
static uint32_t with_register(uint32_t word, uint32_t mask, unsigned shift, unsigned reg)
{
	if (mask & 31u << shift)
		return word;
	return (word & ~(31u << shift)) | reg << shift;
}

static unsigned base_register(struct random_program *p)
{
	return percent(p, 12) ? 31 : percent(p, 3) ? below(p, 32) : from(p, 16, 23);
}

static unsigned target_register(struct random_program *p)
{
	return percent(p, 3) ? below(p, 32) : percent(p, 5) ? 31 : below(p, 16);
}

static bool has_suffix(const char *name, const char *suffix)
{
	size_t len = strlen(name), end = strlen(suffix);

	return len > end && !strcmp(name + len - end, suffix);
}

static uint32_t aim_memory(struct random_program *p, const struct a64_op_info *info, uint32_t word)
{
	bool indexed = has_suffix(info->name, "_reg") || has_suffix(info->name, "_ext");

	if (has_suffix(info->name, "_literal"))
		return (word & ~(0x7ffffu << 5)) | from(p, 0x1000, 0x4000) << 5;
	word = with_register(word, info->mask, 5, base_register(p));
	word = with_register(word, info->mask, 10, target_register(p));
	if (!(word & 1u << 26))
		word = with_register(word, info->mask, 0, target_register(p));
	if (indexed)
		word = with_register(word, info->mask, 16, from(p, 24, 27));
	if (has_suffix(info->name, "_imm") && percent(p, 80))
		word &= ~(0xfc0u << 10 & ~info->mask);
	return word;
}

/* A direct branch: forwards, or backwards if it is conditional, within the program. */
static uint32_t aim_branch(struct random_program *p, enum a64_op op, uint32_t word, unsigned at)
{
	bool always = op == A64_OP_B || op == A64_OP_BL;
	unsigned bits = always ? 26 : op == A64_OP_TBZ || op == A64_OP_TBNZ ? 14 : 19;
	unsigned shift = always ? 0 : 5;
	uint32_t field = ((1u << bits) - 1) << shift;
	int least = always || percent(p, 60) ? 1 : -(int)(at < 60 ? at : 60);
	int most = (int)(p->length - at < 60 ? p->length - at : 60);
	int distance = least + (int)below(p, (unsigned)(most - least + 1));

	return (word & ~field) | ((uint32_t)distance << shift & field);
}

/* MRS and MSR of what cannot do harm. */
static uint32_t aim_sysreg(struct random_program *p, uint32_t word)
{
	static const uint16_t keys[] = {
		SYSREG(3, 3, 4, 2, 0),	/* NZCV */
		SYSREG(3, 3, 4, 4, 0),	/* FPCR */
		SYSREG(3, 3, 4, 4, 1),	/* FPSR */
		SYSREG(3, 3, 13, 0, 2), /* TPIDR_EL0 */
		SYSREG(3, 0, 13, 0, 4), /* TPIDR_EL1 */
		SYSREG(3, 3, 4, 2, 1),	/* DAIF */
		SYSREG(3, 0, 7, 4, 0),	/* PAR_EL1 */
		SYSREG(3, 0, 4, 2, 2),	/* CurrentEL */
		SYSREG(3, 0, 5, 2, 0),	/* ESR_EL1 */
	};

	return (word & ~0x001fffe0u) | (uint32_t)keys[below(p, COUNT(keys))] << 5;
}

/* Choose the fields that matter, of what is otherwise random. */
static uint32_t aim(struct random_program *p, enum a64_op op, uint32_t word, unsigned at)
{
	const struct a64_op_info *info = &a64_ops[op];

	if (info->flags & A64_OP_DIRECT)
		return aim_branch(p, op, word, at);
	if (info->flags & A64_OP_SYSREG)
		return aim_sysreg(p, word);
	if (op >= A64_OP_BR && op <= A64_OP_RET)
		return with_register(word, info->mask, 5, from(p, 28, 30));
	if (op >= A64_OP_IC_IVAU && op <= A64_OP_AT_S1E1WP)
		return with_register(word, info->mask, 0, base_register(p));
	if (op >= A64_OP_LDR_32_literal && op <= A64_OP_LD4R)
		return aim_memory(p, info, word);
	/* FP and AdvSIMD write any register; of the others few write x16 to x30. */
	return op < A64_OP_FMOV_s ? with_register(word, info->mask, 0, target_register(p)) : word;
}

/* A random instruction for word `at` of the program. */
static uint32_t instruction(struct random_program *p, unsigned at)
{
	for (;;) {
		enum a64_op op = pick_op(p);
		const struct a64_op_info *info = &a64_ops[op];
		uint32_t random = (uint32_t)(random_program_number(p) >> 32);
		uint32_t word = aim(p, op, (random & ~info->mask) | info->value, at);
		struct a64_insn decoded;

		if (!is_left_out(op) && a64_decode(word, A64_FEATURES, &decoded) == op)
			return word;
	}
}

static uint32_t branch(unsigned from, unsigned to)
{
	return 0x14000000 | (0x03ffffff & (to - from));
}

static void put_code(struct random_program *p)
{
	uint32_t at = CODE;

	for (unsigned n = 0; n < CODE_INSNS; n++) {
		bool inside = n >= p->first && n < p->first + p->length;

		put_word(p, &at, inside ? instruction(p, n - p->first) : branch(n, p->first));
	}
}

void random_program_make(struct random_program *p, uint64_t seed)
{
	static const unsigned vector[] = {0, 10, 50, 90};

	memset(p, 0, sizeof(*p));
	p->state = seed * 0x9e3779b97f4a7c15 + 1; /* never 0 */
	for (unsigned n = 0; n < 4; n++)
		random_program_number(p);
	p->user = percent(p, 40);
	p->upper = !p->user && percent(p, 50);
	p->vector = vector[below(p, COUNT(vector))];
	p->length = percent(p, 50) ? from(p, 20, 100) : from(p, 100, 800);
	p->first = below(p, CODE_INSNS - p->length);
	for (uint32_t offset = DATA; offset < RANDOM_IMAGE_SIZE; offset += 8)
		put_double(p, offset, value(p));
	put_tables(p);
	put_vectors(p);
	put_registers(p);
	put_setup(p);
	put_code(p);
}
