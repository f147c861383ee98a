/*
 * The exclusive monitors (Arm ARM, B2.12), correct with a host thread per vCPU.
 *
 * A load-exclusive remembers address and value and arms the global monitor's line; a store-exclusive
 * is a compare-and-swap of the host against the remembered value. That alone would miss a
 * change that was undone in between (ABA): so while any reservation is armed, stores of all
 * vCPUs take the slow path and advance the line's version, and a store-exclusive whose version is
 * old fails.
 */
#ifndef GOD_CORE_A64_EXCLUSIVE_H
#define GOD_CORE_A64_EXCLUSIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/a64/cpu.h"
#include "core/a64/insn.h"
#include "core/a64/shared.h"

/*
 * LDXR and LDXP family: load size bytes (1, 2, 4, 8, 16) exclusively; the value in value[0..1],
 * zero-extended (16 bytes: two doublewords; an LDXP of two words is a size 8 access).
 */
void a64_load_exclusive(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
			uint64_t value[2]);
/* STXR and STXP family: true when stored. The monitor is open afterwards either way. */
bool a64_store_exclusive(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
			 const uint64_t value[2]);
/* CLREX, and exception return. */
void a64_clear_exclusive(struct a64_cpu *cpu);
/* A store (not exclusive) to RAM at pa by this vCPU: others' reservations there are lost. Called
 * before the store and only while monitors are armed. */
void a64_notice_store(struct a64_cpu *cpu, uint64_t pa, unsigned size);

#endif
