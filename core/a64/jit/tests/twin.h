/*
 * Instructions executed twice from the same state, by the interpreter's functions and by translated
 * code: whatever differs afterwards is a bug.
 *
 * Around it is a whole CPU: exception levels, system registers, an MMU with pages of all kinds in
 * both halves of the address space, monitors, watchpoints. So an instruction may as well end in an
 * exception, which has to be the same one.
 */
#ifndef GOD_CORE_A64_JIT_TESTS_TWIN_H
#define GOD_CORE_A64_JIT_TESTS_TWIN_H

#include "core/a64/cpu.h"
#include "core/a64/decode.h"

struct twin;

/* In a VM of so many vCPUs, of which the first one executes. Fails the test when it cannot be made. */
struct twin *twin_new(unsigned cpus);
void twin_free(struct twin *twin);

/* Pseudo-random numbers: the same in each run. */
uint64_t twin_random(struct twin *twin);

/* A word that decodes to `op`, otherwise random. */
uint32_t twin_word(struct twin *twin, enum a64_op op);

/* The state to begin with: random, with many numbers that are addresses or special ... */
void twin_randomise(struct twin *twin);
/* ... made such that most instructions end in no exception ... */
void twin_calm(struct twin *twin);
/* ... of which a test may change what it likes, if it calls twin_changed() after that. */
struct a64_cpu *twin_cpu(struct twin *twin);
void twin_changed(struct twin *twin);

/* An address that is likely to be good for a load or a store. */
uint64_t twin_address(struct twin *twin);

/* Have the vCPU reserve its address for a store-exclusive of that many bytes, if it can. */
void twin_reserve(struct twin *twin, uint64_t va, unsigned size);

#define TWIN_INSNS 16

/*
 * Execute up to TWIN_INSNS instructions in a row, as far as they go, both ways, and fail the test
 * where they differ.
 */
void twin_check(struct twin *twin, const uint32_t *words, unsigned count);

#endif
