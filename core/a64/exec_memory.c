/*
 * Loads and stores of one register or a pair (Arm ARM DDI 0487, C4.1.95): general registers and
 * SIMD&FP registers, every size and addressing mode, literals, prefetches.
 *
 * An instruction's form is its *transfer* (what is loaded or stored) and its *addressing mode*; the
 * table has a line for each combination, and the macros below make the functions of a transfer for
 * all modes. The base register is written back last, when nothing can fault any more.
 *
 * What the architecture leaves CONSTRAINED UNPREDICTABLE (K1.1) comes out as:
 *  - writeback of a base that is also loaded: the register ends with the address written back;
 *  - writeback of a base that is also stored: its old value is stored;
 *  - a pair loaded into one register twice: the second one stays.
 * A pair whose second half faults may have stored its first half: the instruction restarts.
 */
#include "core/a64/access.h"
#include "core/a64/base.h"
#include "core/a64/decode.h"

/* ---- Addresses ---- */

/* Base plus immediate offset; also the base alone where the offset is 0. */
static inline uint64_t address_imm(struct a64_cpu *cpu, const struct a64_insn *i)
{
	return a64_base(cpu, i, i->ra) + i->uimm;
}

/* Base plus a 64-bit index, shifted. */
static inline uint64_t address_reg(struct a64_cpu *cpu, const struct a64_insn *i)
{
	return a64_base(cpu, i, i->ra) + (X(rm) << i->imm);
}

/* Base plus a 32-bit index, sign-extended if imm2 is its sign bit and not 0, and shifted. */
static inline uint64_t address_ext(struct a64_cpu *cpu, const struct a64_insn *i)
{
	return a64_base(cpu, i, i->ra) + (((W(rm) ^ i->imm2) - i->imm2) << i->imm);
}

static inline uint64_t address_literal(struct a64_cpu *cpu, const struct a64_insn *i)
{
	return a64_pc(cpu, i) + i->uimm;
}

/*
 * The functions of one transfer in all modes of a single register. `kind` is A64 or A64_FP;
 * transfer(va, ...) is a statement.
 */
#define SINGLE(kind, name, transfer, ...)                   \
	kind(name##_imm)                                    \
	{                                                   \
		transfer(address_imm(cpu, i), __VA_ARGS__); \
	}                                                   \
	kind(name##_unscaled)                               \
	{                                                   \
		transfer(address_imm(cpu, i), __VA_ARGS__); \
	}                                                   \
	kind(name##_reg)                                    \
	{                                                   \
		transfer(address_reg(cpu, i), __VA_ARGS__); \
	}                                                   \
	kind(name##_ext)                                    \
	{                                                   \
		transfer(address_ext(cpu, i), __VA_ARGS__); \
	}                                                   \
	INDEXED(kind, name, transfer, __VA_ARGS__)

#define INDEXED(kind, name, transfer, ...)             \
	kind(name##_pre)                               \
	{                                              \
		uint64_t va = address_imm(cpu, i);     \
                                                       \
		transfer(va, __VA_ARGS__);             \
		X(rn) = va;                            \
	}                                              \
	kind(name##_post)                              \
	{                                              \
		uint64_t va = a64_base(cpu, i, i->ra); \
                                                       \
		transfer(va, __VA_ARGS__);             \
		X(rn) = va + i->uimm;                  \
	}

/* ---- One general register ---- */

/* `cast` makes the register's value of the loaded one. */
#define LOAD(va, bits, cast) X(rd) = cast a64_load##bits(cpu, i, va)
#define STORE(va, bits)	     a64_store##bits(cpu, i, va, (uint##bits##_t)X(rd))

SINGLE(A64, LDRB, LOAD, 8, (uint8_t))
SINGLE(A64, LDRH, LOAD, 16, (uint16_t))
SINGLE(A64, LDR_32, LOAD, 32, (uint32_t))
SINGLE(A64, LDR_64, LOAD, 64, (uint64_t))
SINGLE(A64, LDRSB_32, LOAD, 8, (uint32_t)(int8_t))
SINGLE(A64, LDRSB_64, LOAD, 8, (uint64_t)(int8_t))
SINGLE(A64, LDRSH_32, LOAD, 16, (uint32_t)(int16_t))
SINGLE(A64, LDRSH_64, LOAD, 16, (uint64_t)(int16_t))
SINGLE(A64, LDRSW, LOAD, 32, (uint64_t)(int32_t))
SINGLE(A64, STRB, STORE, 8)
SINGLE(A64, STRH, STORE, 16)
SINGLE(A64, STR_32, STORE, 32)
SINGLE(A64, STR_64, STORE, 64)

A64(LDR_32_literal)
{
	LOAD(address_literal(cpu, i), 32, (uint32_t));
}

A64(LDR_64_literal)
{
	LOAD(address_literal(cpu, i), 64, (uint64_t));
}

A64(LDRSW_literal)
{
	LOAD(address_literal(cpu, i), 32, (uint64_t)(int32_t));
}

/* ---- One general register, with the permissions of EL0 ---- */

/* Not so hot that they need a fast path here: a64_load_slow() has one. PSTATE.UAO makes them
 * ordinary. */
#define LDTR(name, bits, cast)                                               \
	A64(name)                                                            \
	{                                                                    \
		uint64_t va = address_imm(cpu, i);                           \
                                                                             \
		X(rd) = cast a64_load_slow(cpu, i, va, bits / 8, !cpu->uao); \
	}
#define STTR(name, bits)                                                                \
	A64(name)                                                                       \
	{                                                                               \
		uint64_t va = address_imm(cpu, i);                                      \
                                                                                        \
		a64_store_slow(cpu, i, va, bits / 8, (uint##bits##_t)X(rd), !cpu->uao); \
	}

LDTR(LDTRB, 8, (uint8_t))
LDTR(LDTRH, 16, (uint16_t))
LDTR(LDTR_32, 32, (uint32_t))
LDTR(LDTR_64, 64, (uint64_t))
LDTR(LDTRSB_32, 8, (uint32_t)(int8_t))
LDTR(LDTRSB_64, 8, (uint64_t)(int8_t))
LDTR(LDTRSH_32, 16, (uint32_t)(int16_t))
LDTR(LDTRSH_64, 16, (uint64_t)(int16_t))
LDTR(LDTRSW, 32, (uint64_t)(int32_t))
STTR(STTRB, 8)
STTR(STTRH, 16)
STTR(STTR_32, 32)
STTR(STTR_64, 64)

/* ---- One SIMD&FP register: the rest of it is cleared by a load ---- */

static inline union a64_vreg vreg_low(uint64_t value)
{
	return (union a64_vreg){.d = {value, 0}};
}

#define LOAD_V(va, bits)	 V(rd) = vreg_low(a64_load##bits(cpu, i, va))
#define STORE_V(va, bits, field) a64_store##bits(cpu, i, va, V(rd).field[0])
#define LOAD_Q(va, unused)	 V(rd) = a64_load128(cpu, i, va)
#define STORE_Q(va, unused)	 a64_store128(cpu, i, va, V(rd))

SINGLE(A64_FP, LDR_B, LOAD_V, 8)
SINGLE(A64_FP, LDR_H, LOAD_V, 16)
SINGLE(A64_FP, LDR_S, LOAD_V, 32)
SINGLE(A64_FP, LDR_D, LOAD_V, 64)
SINGLE(A64_FP, LDR_Q, LOAD_Q, )
SINGLE(A64_FP, STR_B, STORE_V, 8, b)
SINGLE(A64_FP, STR_H, STORE_V, 16, h)
SINGLE(A64_FP, STR_S, STORE_V, 32, s)
SINGLE(A64_FP, STR_D, STORE_V, 64, d)
SINGLE(A64_FP, STR_Q, STORE_Q, )

A64_FP(LDR_S_literal)
{
	LOAD_V(address_literal(cpu, i), 32);
}

A64_FP(LDR_D_literal)
{
	LOAD_V(address_literal(cpu, i), 64);
}

A64_FP(LDR_Q_literal)
{
	LOAD_Q(address_literal(cpu, i), );
}

/* ---- Pairs: rd at the address, rm after it. One TLB look-up where both lie in one page ---- */

/* Where [va, va + size) can be read through the TLB entry of its page, else NULL. */
static inline const void *read_at(struct a64_cpu *cpu, uint64_t va, unsigned size)
{
	const struct a64_tlb_entry *entry = a64_tlb_at(cpu, va);

	if (__builtin_expect(entry->read != a64_tlb_tag(cpu->tlb.context, va, size), 0))
		return NULL;
	return (const void *)(uintptr_t)(entry->host + va);
}

static inline void *write_at(struct a64_cpu *cpu, uint64_t va, unsigned size)
{
	const struct a64_tlb_entry *entry = a64_tlb_at(cpu, va);

	if (__builtin_expect(entry->write != a64_tlb_tag(cpu->tlb.context, va, size) ||
				     a64_monitors_armed(cpu->shared),
			     0))
		return NULL;
	return (void *)(uintptr_t)(entry->host + va);
}

#define PAIR(kind, suffix, load, store, ...)             \
	kind(LDNP##suffix)                               \
	{                                                \
		load(address_imm(cpu, i), __VA_ARGS__);  \
	}                                                \
	kind(STNP##suffix)                               \
	{                                                \
		store(address_imm(cpu, i), __VA_ARGS__); \
	}                                                \
	kind(LDP##suffix##_imm)                          \
	{                                                \
		load(address_imm(cpu, i), __VA_ARGS__);  \
	}                                                \
	kind(STP##suffix##_imm)                          \
	{                                                \
		store(address_imm(cpu, i), __VA_ARGS__); \
	}                                                \
	INDEXED(kind, LDP##suffix, load, __VA_ARGS__)    \
	INDEXED(kind, STP##suffix, store, __VA_ARGS__)

#define PAIR_ACCESS(bits)                                                                  \
	static inline void load_pair##bits(struct a64_cpu *cpu, const struct a64_insn *i,  \
					   uint64_t va, uint##bits##_t pair[2])            \
	{                                                                                  \
		const uint##bits##_t *host = read_at(cpu, va, bits / 4);                   \
                                                                                           \
		pair[0] = host ? a64_host_load##bits(host) : a64_load##bits(cpu, i, va);   \
		pair[1] = host ? a64_host_load##bits(host + 1)                             \
			       : a64_load##bits(cpu, i, va + bits / 8);                    \
	}                                                                                  \
	static inline void store_pair##bits(struct a64_cpu *cpu, const struct a64_insn *i, \
					    uint64_t va, uint##bits##_t first,             \
					    uint##bits##_t second)                         \
	{                                                                                  \
		uint##bits##_t *host = write_at(cpu, va, bits / 4);                        \
                                                                                           \
		if (host) {                                                                \
			a64_host_store##bits(host, first);                                 \
			a64_host_store##bits(host + 1, second);                            \
		} else {                                                                   \
			a64_store##bits(cpu, i, va, first);                                \
			a64_store##bits(cpu, i, va + bits / 8, second);                    \
		}                                                                          \
	}

PAIR_ACCESS(32)
PAIR_ACCESS(64)

#define LOAD_PAIR(va, bits, cast)                  \
	do {                                       \
		uint##bits##_t pair[2];            \
                                                   \
		load_pair##bits(cpu, i, va, pair); \
		X(rd) = cast pair[0];              \
		X(rm) = cast pair[1];              \
	} while (0)
#define STORE_PAIR(va, bits, unused) \
	store_pair##bits(cpu, i, va, (uint##bits##_t)X(rd), (uint##bits##_t)X(rm))

PAIR(A64, _32, LOAD_PAIR, STORE_PAIR, 32, (uint32_t))
PAIR(A64, _64, LOAD_PAIR, STORE_PAIR, 64, (uint64_t))

A64(LDPSW_imm)
{
	LOAD_PAIR(address_imm(cpu, i), 32, (uint64_t)(int32_t));
}

INDEXED(A64, LDPSW, LOAD_PAIR, 32, (uint64_t)(int32_t))

#define LOAD_PAIR_V(va, bits, unused)              \
	do {                                       \
		uint##bits##_t pair[2];            \
                                                   \
		load_pair##bits(cpu, i, va, pair); \
		V(rd) = vreg_low(pair[0]);         \
		V(rm) = vreg_low(pair[1]);         \
	} while (0)
#define STORE_PAIR_V(va, bits, field) store_pair##bits(cpu, i, va, V(rd).field[0], V(rm).field[0])

PAIR(A64_FP, _S, LOAD_PAIR_V, STORE_PAIR_V, 32, s)
PAIR(A64_FP, _D, LOAD_PAIR_V, STORE_PAIR_V, 64, d)

static inline void load_pair128(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va)
{
	union a64_vreg first = a64_load128(cpu, i, va), second = a64_load128(cpu, i, va + 16);

	V(rd) = first;
	V(rm) = second;
}

static inline void store_pair_q(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va)
{
	a64_store128(cpu, i, va, V(rd));
	a64_store128(cpu, i, va + 16, V(rm));
}

#define LOAD_PAIR_Q(va, unused)	 load_pair128(cpu, i, va)
#define STORE_PAIR_Q(va, unused) store_pair_q(cpu, i, va)

PAIR(A64_FP, _Q, LOAD_PAIR_Q, STORE_PAIR_Q, )

/* ---- Prefetches: hints, and nothing here would be faster for them ---- */

A64(PRFM_literal)
{
}

A64(PRFM_imm)
{
}

A64(PRFM_unscaled)
{
}

A64(PRFM_reg)
{
}
