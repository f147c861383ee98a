/*
 * The decoder that gen_decode.py makes from a64.decode.
 */
#ifndef GOD_CORE_A64_DECODE_H
#define GOD_CORE_A64_DECODE_H

#include <stdint.h>

#include "a64_table.h" /* generated: enum a64_op, the exec functions' declarations */
#include "core/a64/features.h"
#include "core/a64/insn.h"

/* Flags of a table line. */
#define A64_OP_DIRECT (1u << 0)
#define A64_OP_SYSREG (1u << 1)

/* One line of the table, for the tracer, the translator and the test generators. */
struct a64_op_info {
	const char *name;
	uint32_t mask, value; /* a word matches when (word & mask) == value */
	a64_exec *exec;
	enum a64_feature feature;
	unsigned flags;
};

/* Indexed by enum a64_op; the last, A64_OP_UNDEFINED, is what no line matches. */
extern const struct a64_op_info a64_ops[];

/*
 * Decode one instruction word. Fills all of *insn (target and sysreg stay NULL: the code cache
 * resolves them) and returns its op; A64_OP_UNDEFINED when no line matches, or when the line
 * belongs to a feature that is not in `features`.
 */
enum a64_op a64_decode(uint32_t word, a64_features features, struct a64_insn *insn);

#endif
