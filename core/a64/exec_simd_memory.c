/*
 * AdvSIMD loads and stores of structures (Arm ARM, C7.2: LD1 to LD4, LD1R to LD4R, ST1 to ST4): memory
 * holds one element of each of up to four registers after another, the registers hold all first
 * elements, all second ones, ...
 *
 * Registers go to memory, or come from it, through a buffer that looks like memory: so nothing has
 * changed when an access faults. Where the TLB knows the page, memory is copied at once; otherwise one
 * element after another is accessed, as the architecture has it.
 *
 * rd is the first register, rn the base; it advances by register rm + imm.
 */
#include "core/a64/access.h"
#include "core/a64/base.h"
#include "core/a64/simd.h"

/* What up to four registers hold, in memory's order. */
union structures {
	uint8_t b[64];
	uint16_t h[32];
	uint32_t s[16];
	uint64_t d[8];
};

static inline uint64_t structure_base(struct a64_cpu *cpu, const struct a64_insn *i)
{
	return a64_base(cpu, i, i->rn == A64_SP ? 15 : 0);
}

/* Post-index; without it both parts are zero. */
static inline void structure_advance(struct a64_cpu *cpu, const struct a64_insn *i)
{
	X(rn) += X(rm) + i->uimm;
}

/* Where in the host the `size` bytes at va are, if they may be read right now; or NULL. */
static inline const uint8_t *readable(struct a64_cpu *cpu, uint64_t va, unsigned size)
{
	const struct a64_tlb_entry *entry = a64_tlb_at(cpu, va);

	if (entry->read != a64_tlb_tag(cpu->tlb.context, va, size))
		return NULL;
	return (const uint8_t *)(uintptr_t)(entry->host + va);
}

/* The same for writing, without the work that armed monitors ask for. */
static inline uint8_t *writable(struct a64_cpu *cpu, uint64_t va, unsigned size)
{
	const struct a64_tlb_entry *entry = a64_tlb_at(cpu, va);

	if (entry->write != a64_tlb_tag(cpu->tlb.context, va, size) ||
	    a64_monitors_armed(cpu->shared))
		return NULL;
	return (uint8_t *)(uintptr_t)(entry->host + va);
}

/* Element n of 1 << size bytes between memory and the buffer. */
static inline void element_read(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va,
				unsigned size, unsigned n, union structures *buffer)
{
	switch (size) {
	case 0: buffer->b[n] = a64_load8(cpu, i, va + n); break;
	case 1: buffer->h[n] = a64_load16(cpu, i, va + n * 2); break;
	case 2: buffer->s[n] = a64_load32(cpu, i, va + n * 4); break;
	default: buffer->d[n] = a64_load64(cpu, i, va + n * 8); break;
	}
}

static inline void element_write(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va,
				 unsigned size, unsigned n, const union structures *buffer)
{
	switch (size) {
	case 0: a64_store8(cpu, i, va + n, buffer->b[n]); break;
	case 1: a64_store16(cpu, i, va + n * 2, buffer->h[n]); break;
	case 2: a64_store32(cpu, i, va + n * 4, buffer->s[n]); break;
	default: a64_store64(cpu, i, va + n * 8, buffer->d[n]); break;
	}
}

/* Whole registers: doublewords are copied, each of them at once where it is aligned. */
static inline void structures_read(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va,
				   unsigned bytes, union structures *buffer)
{
	const uint8_t *host = readable(cpu, va, bytes);
	unsigned n;

	if (__builtin_expect(host != NULL, 1)) {
		for (n = 0; n < bytes / 8; n++)
			buffer->d[n] = a64_host_load64(host + n * 8);
		return;
	}
	for (n = 0; n < bytes >> simd_size(i); n++)
		element_read(cpu, i, va, simd_size(i), n, buffer);
}

static inline void structures_write(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va,
				    unsigned bytes, const union structures *buffer)
{
	uint8_t *host = writable(cpu, va, bytes);
	unsigned n;

	if (__builtin_expect(host != NULL, 1)) {
		for (n = 0; n < bytes / 8; n++)
			a64_host_store64(host + n * 8, buffer->d[n]);
		return;
	}
	a64_probe(cpu, i, va, bytes, true);
	for (n = 0; n < bytes >> simd_size(i); n++)
		element_write(cpu, i, va, simd_size(i), n, buffer);
}

/* Register k of the instruction's list, V0 after V31. */
static inline union a64_vreg *listed(struct a64_cpu *cpu, const struct a64_insn *i, unsigned k)
{
	return &cpu->v[(i->rd + k) % 32];
}

static __attribute__((noinline)) void
registers_load_slowly(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned count)
{
	union structures buffer;

	structures_read(cpu, i, va, count * 8 << i->imm2, &buffer);
	for (unsigned k = 0; k < count; k++) {
		listed(cpu, i, k)->d[0] = buffer.d[k << i->imm2];
		listed(cpu, i, k)->d[1] = i->imm2 ? buffer.d[2 * k + 1] : 0;
	}
}

static __attribute__((noinline)) void
registers_store_slowly(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned count)
{
	union structures buffer;

	for (unsigned k = 0; k < count << i->imm2; k++)
		buffer.d[k] = listed(cpu, i, k >> i->imm2)->d[k & i->imm2];
	structures_write(cpu, i, va, count * 8 << i->imm2, &buffer);
}

/* Made anew for each number of registers. */
#define STRUCTURE_ACCESS(name)                                  \
	static inline __attribute__((always_inline)) void name( \
		struct a64_cpu *cpu, const struct a64_insn *i, const unsigned count)

/* ---- Whole registers: ra is the element's size, imm2 is Q ---- */

#define FOR_EACH_ELEMENT(z, statement)                      \
	for (unsigned e = 0; e < (8u << i->imm2) >> z; e++) \
		for (unsigned k = 0; k < count; k++)        \
			statement;
#define FOR_EACH_SIZE(copy)                         \
	switch (simd_size(i)) {                     \
	case 0: FOR_EACH_ELEMENT(0, copy(b)) break; \
	case 1: FOR_EACH_ELEMENT(1, copy(h)) break; \
	case 2: FOR_EACH_ELEMENT(2, copy(s)) break; \
	case 3: FOR_EACH_ELEMENT(3, copy(d)) break; \
	}
#define TO_REGISTER(letter) listed(cpu, i, k)->letter[e] = buffer.letter[e * count + k]
#define TO_MEMORY(letter)   buffer.letter[e * count + k] = listed(cpu, i, k)->letter[e]

/* LD2, LD3, LD4. */
STRUCTURE_ACCESS(structures_load)
{
	union structures buffer;
	uint64_t va = structure_base(cpu, i);

	structures_read(cpu, i, va, count * 8 << i->imm2, &buffer);
	for (unsigned k = 0; k < count; k++)
		listed(cpu, i, k)->d[1] = 0;
	FOR_EACH_SIZE(TO_REGISTER)
	structure_advance(cpu, i);
}

STRUCTURE_ACCESS(structures_store)
{
	union structures buffer;
	uint64_t va = structure_base(cpu, i);

	FOR_EACH_SIZE(TO_MEMORY)
	structures_write(cpu, i, va, count * 8 << i->imm2, &buffer);
	structure_advance(cpu, i);
}

/* LD1 and ST1: one register after another, in most cases directly. */
STRUCTURE_ACCESS(registers_load)
{
	uint64_t va = structure_base(cpu, i);
	const uint8_t *host = readable(cpu, va, count * 8 << i->imm2);

	if (__builtin_expect(host == NULL, 0)) {
		registers_load_slowly(cpu, i, va, count);
	} else {
		for (unsigned k = 0; k < count; k++, host += 8 << i->imm2) {
			listed(cpu, i, k)->d[0] = a64_host_load64(host);
			listed(cpu, i, k)->d[1] = i->imm2 ? a64_host_load64(host + 8) : 0;
		}
	}
	structure_advance(cpu, i);
}

STRUCTURE_ACCESS(registers_store)
{
	uint64_t va = structure_base(cpu, i);
	uint8_t *host = writable(cpu, va, count * 8 << i->imm2);

	if (__builtin_expect(host == NULL, 0)) {
		registers_store_slowly(cpu, i, va, count);
	} else {
		for (unsigned k = 0; k < count; k++, host += 8 << i->imm2) {
			a64_host_store64(host, listed(cpu, i, k)->d[0]);
			if (i->imm2)
				a64_host_store64(host + 8, listed(cpu, i, k)->d[1]);
		}
	}
	structure_advance(cpu, i);
}

/* ---- One element of each register: ra is its size and index ---- */

STRUCTURE_ACCESS(lanes_load)
{
	union structures buffer;
	uint64_t va = structure_base(cpu, i);
	unsigned k;

	for (k = 0; k < count; k++)
		element_read(cpu, i, va, simd_size(i), k, &buffer);
	for (k = 0; k < count; k++) {
		switch (simd_size(i)) {
		case 0: listed(cpu, i, k)->b[simd_index(i)] = buffer.b[k]; break;
		case 1: listed(cpu, i, k)->h[simd_index(i)] = buffer.h[k]; break;
		case 2: listed(cpu, i, k)->s[simd_index(i)] = buffer.s[k]; break;
		case 3: listed(cpu, i, k)->d[simd_index(i)] = buffer.d[k]; break;
		}
	}
	structure_advance(cpu, i);
}

STRUCTURE_ACCESS(lanes_store)
{
	union structures buffer;
	uint64_t va = structure_base(cpu, i);
	unsigned k;

	for (k = 0; k < count; k++) {
		switch (simd_size(i)) {
		case 0: buffer.b[k] = listed(cpu, i, k)->b[simd_index(i)]; break;
		case 1: buffer.h[k] = listed(cpu, i, k)->h[simd_index(i)]; break;
		case 2: buffer.s[k] = listed(cpu, i, k)->s[simd_index(i)]; break;
		case 3: buffer.d[k] = listed(cpu, i, k)->d[simd_index(i)]; break;
		}
	}
	if (count > 1)
		a64_probe(cpu, i, va, count << simd_size(i), true);
	for (k = 0; k < count; k++)
		element_write(cpu, i, va, simd_size(i), k, &buffer);
	structure_advance(cpu, i);
}

/* LD1R to LD4R: the element goes to all of the register (imm2: the mask of the upper half). */
STRUCTURE_ACCESS(replicate_load)
{
	union structures buffer;
	uint64_t va = structure_base(cpu, i), all;
	unsigned k;

	for (k = 0; k < count; k++)
		element_read(cpu, i, va, simd_size(i), k, &buffer);
	for (k = 0; k < count; k++) {
		switch (simd_size(i)) {
		case 0: all = buffer.b[k] * 0x0101010101010101ULL; break;
		case 1: all = buffer.h[k] * 0x0001000100010001ULL; break;
		case 2: all = buffer.s[k] * 0x0000000100000001ULL; break;
		default: all = buffer.d[k]; break;
		}
		listed(cpu, i, k)->d[0] = all;
		listed(cpu, i, k)->d[1] = all & i->imm2;
	}
	structure_advance(cpu, i);
}

#define STRUCTURES(name, how, count) \
	A64_FP(name)                 \
	{                            \
		how(cpu, i, count);  \
	}

STRUCTURES(LD1_x1, registers_load, 1)
STRUCTURES(LD1_x2, registers_load, 2)
STRUCTURES(LD1_x3, registers_load, 3)
STRUCTURES(LD1_x4, registers_load, 4)
STRUCTURES(LD2, structures_load, 2)
STRUCTURES(LD3, structures_load, 3)
STRUCTURES(LD4, structures_load, 4)
STRUCTURES(ST1_x1, registers_store, 1)
STRUCTURES(ST1_x2, registers_store, 2)
STRUCTURES(ST1_x3, registers_store, 3)
STRUCTURES(ST1_x4, registers_store, 4)
STRUCTURES(ST2, structures_store, 2)
STRUCTURES(ST3, structures_store, 3)
STRUCTURES(ST4, structures_store, 4)

STRUCTURES(LD1_lane, lanes_load, 1)
STRUCTURES(LD2_lane, lanes_load, 2)
STRUCTURES(LD3_lane, lanes_load, 3)
STRUCTURES(LD4_lane, lanes_load, 4)
STRUCTURES(ST1_lane, lanes_store, 1)
STRUCTURES(ST2_lane, lanes_store, 2)
STRUCTURES(ST3_lane, lanes_store, 3)
STRUCTURES(ST4_lane, lanes_store, 4)
STRUCTURES(LD1R, replicate_load, 1)
STRUCTURES(LD2R, replicate_load, 2)
STRUCTURES(LD3R, replicate_load, 3)
STRUCTURES(LD4R, replicate_load, 4)
