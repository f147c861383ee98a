/*
 * Lanes of floating-point numbers, as AdvSIMD has them (core/a64/fp_lanes.h), in translated code.
 *
 * The operand ra is the shape of the lanes: where there are fewer than fill a vector, the others are 0
 * in all operands, so that they set no flags.
 */
#ifndef GOD_CORE_A64_JIT_SIMD_FP_H
#define GOD_CORE_A64_JIT_SIMD_FP_H

#include "core/a64/fp_lanes.h"
#include "core/a64/jit/fp.h"
#include "core/a64/jit/simd.h"

#define LANE_SIZE(item) ((unsigned)fp_shape_format((item)->insn.ra))
#define BYTES(item)	((item)->insn.ra >> 2)

/* A copy of the instruction's lanes of a register, and storing them. */
void jit_lanes_load(struct translator *t, const struct jit_item *item, int reg, unsigned v);
void jit_lanes_store(struct translator *t, const struct jit_item *item, int reg);
/* A lane of `mask` is all ones: the slow path. Changes RAX, as the others do. */
void jit_lanes_check_mask(struct translator *t, const struct jit_item *item, unsigned size,
			  int mask);
/* A lane of a or b is a NaN. Changes XMM2. */
void jit_lanes_check_unordered(struct translator *t, const struct jit_item *item, unsigned size,
			       int a, int b);
/* A lane of XMM0 is a NaN, or the smallest normal number. Changes XMM2 and XMM3. */
void jit_lanes_check_results(struct translator *t, const struct jit_item *item, unsigned size);

#endif
