/*
 * Exclusive, ordered and atomic loads and stores (Arm ARM DDI 0487, C4.1.95; C3.2.6 to C3.2.14;
 * ordering B2.3).
 *
 * An atomic instruction of the guest is one of the host at the address that a64_atomic_at() finds.
 * All are sequentially consistent, whatever the A and R bits say: x86 has nothing weaker, and arm64
 * hosts lose little. Load-acquire and store-release are RCsc: a store-release is followed by a full
 * barrier, so that no later load-acquire passes it.
 *
 * Operands that are read as well as written (CAS) have two slots, because XZR is a different one
 * each way. A word that the guest wants compared or added is cut to size here.
 */
#include "core/a64/access.h"
#include "core/a64/base.h"
#include "core/a64/compare_exchange.h"
#include "core/a64/decode.h"
#include "core/a64/exception.h"
#include "core/a64/exclusive.h"

static inline uint64_t address(struct a64_cpu *cpu, const struct a64_insn *i)
{
	return a64_base(cpu, i, i->uimm);
}

/* Where an atomic read-modify-write of size bytes at va happens; faults if it can not. */
static void *atomic_at(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size)
{
	uint64_t pa;
	void *host = a64_atomic_at(cpu, i, va, size, true, &pa);

	if (!host)
		a64_raise_unsupported_atomic(cpu, i, va, true);
	return host;
}

/* ---- Exclusive ---- */

static inline void load_exclusive(struct a64_cpu *cpu, const struct a64_insn *i, unsigned size)
{
	uint64_t value[2];

	a64_load_exclusive(cpu, i, address(cpu, i), size, value);
	X(rd) = value[0];
}

static inline void store_exclusive(struct a64_cpu *cpu, const struct a64_insn *i, unsigned size)
{
	uint64_t value[2] = {X(rd), 0};

	X(rm) = !a64_store_exclusive(cpu, i, address(cpu, i), size, value);
}

/* A pair of words is one access of 8 bytes; a pair of doublewords one of 16. */
static inline void load_exclusive_words(struct a64_cpu *cpu, const struct a64_insn *i)
{
	uint64_t value[2];

	a64_load_exclusive(cpu, i, address(cpu, i), 8, value);
	X(rd) = (uint32_t)value[0];
	X(ra) = value[0] >> 32;
}

static inline void load_exclusive_doublewords(struct a64_cpu *cpu, const struct a64_insn *i)
{
	uint64_t value[2];

	a64_load_exclusive(cpu, i, address(cpu, i), 16, value);
	X(rd) = value[0];
	X(ra) = value[1];
}

static inline void store_exclusive_words(struct a64_cpu *cpu, const struct a64_insn *i)
{
	uint64_t value[2] = {W(rd) | X(ra) << 32, 0};

	X(rm) = !a64_store_exclusive(cpu, i, address(cpu, i), 8, value);
}

static inline void store_exclusive_doublewords(struct a64_cpu *cpu, const struct a64_insn *i)
{
	uint64_t value[2] = {X(rd), X(ra)};

	X(rm) = !a64_store_exclusive(cpu, i, address(cpu, i), 16, value);
}

/* Acquire and release forms are the same: the accesses are sequentially consistent. */
#define EXCLUSIVE(load, store)              \
	A64(load##B)                        \
	{                                   \
		load_exclusive(cpu, i, 1);  \
	}                                   \
	A64(load##H)                        \
	{                                   \
		load_exclusive(cpu, i, 2);  \
	}                                   \
	A64(load##_32)                      \
	{                                   \
		load_exclusive(cpu, i, 4);  \
	}                                   \
	A64(load##_64)                      \
	{                                   \
		load_exclusive(cpu, i, 8);  \
	}                                   \
	A64(store##B)                       \
	{                                   \
		store_exclusive(cpu, i, 1); \
	}                                   \
	A64(store##H)                       \
	{                                   \
		store_exclusive(cpu, i, 2); \
	}                                   \
	A64(store##_32)                     \
	{                                   \
		store_exclusive(cpu, i, 4); \
	}                                   \
	A64(store##_64)                     \
	{                                   \
		store_exclusive(cpu, i, 8); \
	}

#define EXCLUSIVE_PAIR(load, store)                  \
	A64(load##_32)                               \
	{                                            \
		load_exclusive_words(cpu, i);        \
	}                                            \
	A64(load##_64)                               \
	{                                            \
		load_exclusive_doublewords(cpu, i);  \
	}                                            \
	A64(store##_32)                              \
	{                                            \
		store_exclusive_words(cpu, i);       \
	}                                            \
	A64(store##_64)                              \
	{                                            \
		store_exclusive_doublewords(cpu, i); \
	}

EXCLUSIVE(LDXR, STXR)
EXCLUSIVE(LDAXR, STLXR)
EXCLUSIVE_PAIR(LDXP, STXP)
EXCLUSIVE_PAIR(LDAXP, STLXP)

/* ---- Ordered: plain accesses, of devices too, between barriers; always aligned ---- */

static inline void check_alignment(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va,
				   unsigned size, bool write)
{
	uint64_t pa;

	if (va & (size - 1))
		a64_atomic_at(cpu, i, va, size, write, &pa); /* raises the fault */
}

#define ORDERED_SIZE(suffix, bits)                                                               \
	static inline uint64_t load_acquire##bits(struct a64_cpu *cpu, const struct a64_insn *i) \
	{                                                                                        \
		uint64_t va = address(cpu, i), value;                                            \
                                                                                                 \
		check_alignment(cpu, i, va, bits / 8, false);                                    \
		value = a64_load##bits(cpu, i, va);                                              \
		__atomic_thread_fence(__ATOMIC_ACQUIRE);                                         \
		return value;                                                                    \
	}                                                                                        \
	A64(LDAR##suffix)                                                                        \
	{                                                                                        \
		X(rd) = load_acquire##bits(cpu, i);                                              \
	}                                                                                        \
	A64(LDAPR##suffix)                                                                       \
	{                                                                                        \
		X(rd) = load_acquire##bits(cpu, i);                                              \
	}                                                                                        \
	A64(STLR##suffix)                                                                        \
	{                                                                                        \
		uint64_t va = address(cpu, i);                                                   \
                                                                                                 \
		check_alignment(cpu, i, va, bits / 8, true);                                     \
		__atomic_thread_fence(__ATOMIC_RELEASE);                                         \
		a64_store##bits(cpu, i, va, (uint##bits##_t)X(rd));                              \
		__atomic_thread_fence(__ATOMIC_SEQ_CST);                                         \
	}

ORDERED_SIZE(B, 8)
ORDERED_SIZE(H, 16)
ORDERED_SIZE(_32, 32)
ORDERED_SIZE(_64, 64)

/* ---- Compare and swap: compare ra, new value rm, old value to rd ---- */

#define COMPARE_AND_SWAP(name, bits)                                                     \
	A64(name)                                                                        \
	{                                                                                \
		uint##bits##_t old = (uint##bits##_t)X(ra), new = (uint##bits##_t)X(rm); \
		uint##bits##_t *host = atomic_at(cpu, i, address(cpu, i), bits / 8);     \
                                                                                         \
		__atomic_compare_exchange_n(host, &old, new, false, __ATOMIC_SEQ_CST,    \
					    __ATOMIC_SEQ_CST);                           \
		X(rd) = old;                                                             \
	}

COMPARE_AND_SWAP(CASB, 8)
COMPARE_AND_SWAP(CASH, 16)
COMPARE_AND_SWAP(CAS_32, 32)
COMPARE_AND_SWAP(CAS_64, 64)

/*
 * Pairs: compare rd and rd + 1 (ra), new value rm and rm + 1 (imm2). rd and rm are even; only the
 * second register of a pair can be XZR.
 */
A64(CASP_32)
{
	uint64_t old = W(rd) | X(ra) << 32, new = W(rm) | cpu->x[i->imm2] << 32;
	uint64_t *host = atomic_at(cpu, i, address(cpu, i), 8);

	__atomic_compare_exchange_n(host, &old, new, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	X(rd) = (uint32_t)old;
	if (i->rd + 1 != A64_SP)
		cpu->x[i->rd + 1] = old >> 32;
}

A64(CASP_64)
{
	uint64_t old[2] = {X(rd), X(ra)}, new[2] = {X(rm), cpu->x[i->imm2]};
	void *host = atomic_at(cpu, i, address(cpu, i), 16);

	a64_compare_exchange128(host, old, new);
	X(rd) = old[0];
	if (i->rd + 1 != A64_SP)
		cpu->x[i->rd + 1] = old[1];
}

/* ---- Read, modify, write: operand rm, old value to rd ---- */

#define FETCH(name, bits, builtin, operation)                                        \
	A64(name)                                                                    \
	{                                                                            \
		uint##bits##_t operand = operation(uint##bits##_t) X(rm);            \
		uint##bits##_t *host = atomic_at(cpu, i, address(cpu, i), bits / 8); \
                                                                                     \
		X(rd) = builtin(host, operand, __ATOMIC_SEQ_CST);                    \
	}

/* Keep the old value where `old comparison operand` holds, as signed or unsigned numbers. */
#define CHOOSE(name, bits, type, comparison)                                                      \
	A64(name)                                                                                 \
	{                                                                                         \
		type operand = (type)X(rm), old;                                                  \
		type *host = atomic_at(cpu, i, address(cpu, i), bits / 8);                        \
                                                                                                  \
		old = __atomic_load_n(host, __ATOMIC_RELAXED);                                    \
		while (!__atomic_compare_exchange_n(host, &old,                                   \
						    old comparison operand ? old : operand, true, \
						    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))          \
			;                                                                         \
		X(rd) = (uint##bits##_t)old;                                                      \
	}

#define READ_MODIFY_WRITE(suffix, bits)                   \
	FETCH(LDADD##suffix, bits, __atomic_fetch_add, )  \
	FETCH(LDCLR##suffix, bits, __atomic_fetch_and, ~) \
	FETCH(LDEOR##suffix, bits, __atomic_fetch_xor, )  \
	FETCH(LDSET##suffix, bits, __atomic_fetch_or, )   \
	FETCH(SWP##suffix, bits, __atomic_exchange_n, )   \
	CHOOSE(LDSMAX##suffix, bits, int##bits##_t, >)    \
	CHOOSE(LDSMIN##suffix, bits, int##bits##_t, <)    \
	CHOOSE(LDUMAX##suffix, bits, uint##bits##_t, >)   \
	CHOOSE(LDUMIN##suffix, bits, uint##bits##_t, <)

READ_MODIFY_WRITE(B, 8)
READ_MODIFY_WRITE(H, 16)
READ_MODIFY_WRITE(_32, 32)
READ_MODIFY_WRITE(_64, 64)
