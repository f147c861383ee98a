/*
 * One instruction, or several in a row, executed by the interpreter's functions and by translated
 * code, from the same state: whatever differs afterwards is a bug.
 *
 * There is no virtual machine around it, only a CPU, a page of code and a window of memory that the
 * level 1 TLB knows: what needs more (translation, exceptions) is left to the guest tests.
 */
#ifndef GOD_CORE_A64_JIT_TESTS_DIFFERENTIAL_H
#define GOD_CORE_A64_JIT_TESTS_DIFFERENTIAL_H

#include "core/a64/cpu.h"
#include "core/a64/decode.h"
#include "core/a64/jit/jit.h"

#define DIFFERENTIAL_MEMORY (16u << 10)
/* Where it is, for the guest. */
#define DIFFERENTIAL_VA	   0x12340000ULL
#define DIFFERENTIAL_INSNS 32

struct differential;

/* With the features of this host, and at most those of `host` where that is not NULL. */
struct differential *differential_new(const struct jit_host *host);
void differential_free(struct differential *d);

/* Pseudo-random numbers: the same in each run. */
uint64_t differential_random(struct differential *d);

/*
 * A word that decodes to `op`, otherwise random, or 0 if none was found. Registers are numbered below
 * `registers` where that is not 0, so that instructions meet.
 */
uint32_t differential_word(struct differential *d, enum a64_op op, unsigned registers);

/* The state that an execution begins with: random, with many numbers that are special. */
void differential_randomise(struct differential *d);
/* ... of which a test may change what it likes. */
struct a64_cpu *differential_cpu(struct differential *d);

/*
 * For a load or store: let its base register rn point to where all that it accesses, at an offset
 * of imm or x[rm], lies in the window. False where that can not be: base and index are the same.
 */
bool differential_aim(struct differential *d, enum a64_op op, const struct a64_insn *i);

/*
 * Execute both ways and fail the test where they differ. count <= DIFFERENTIAL_INSNS; direct branches
 * go to one of the words, or behind the last one, where execution ends.
 */
void differential_check(struct differential *d, const uint32_t *words, unsigned count);

/* How the translator treats that encoding: by an emitter of its own, or by a call. */
bool differential_inlined(const struct differential *d, uint32_t word);

#endif
