/*
 * What the expressions of a64.decode may use.
 */
#ifndef GOD_CORE_A64_DECODE_HELP_H
#define GOD_CORE_A64_DECODE_HELP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/a64/cpu.h"
#include "core/a64/fp_lanes.h"

/* Register number 31 as the operand means it (core/a64/cpu.h). */
static inline uint8_t r(uint32_t number)
{
	return number == 31 ? A64_ZERO : (uint8_t)number;
}

static inline uint8_t w(uint32_t number)
{
	return number == 31 ? A64_DISCARD : (uint8_t)number;
}

static inline uint8_t sp(uint32_t number)
{
	return (uint8_t)number;
}

/* The bits of the base register that must be zero if alignment is checked: those of SP. */
static inline uint8_t sp_mask(uint32_t number)
{
	return number == 31 ? 15 : 0;
}

/* Sign-extend the low `bits` bits. */
static inline int64_t sext(uint64_t value, unsigned bits)
{
	return (int64_t)(value << (64 - bits)) >> (64 - bits);
}

/*
 * DecodeBitMasks (Arm ARM, shared pseudocode), the mask of the logical immediates.
 * bitmask_ok: is the encoding valid for a register of `width` (32 or 64)?
 */
bool bitmask_ok(unsigned width, uint32_t n, uint32_t imms);
uint64_t bitmask(unsigned width, uint32_t n, uint32_t immr, uint32_t imms);

/*
 * The bits of the destination that BFM and UBFM fill, once the source is rotated right by immr:
 * the low imms - immr + 1 bits, or, where imms < immr, imms + 1 bits from bit width - immr on.
 */
uint64_t bitfield(unsigned width, uint32_t immr, uint32_t imms);

#endif
