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

/* The low `bits` bits set, 0 to 64. */
static inline uint64_t ones(unsigned bits)
{
	return bits ? UINT64_MAX >> (64 - bits) : 0;
}

/*
 * AdvSIMD structures with post-index (p): the base advances by register rm, or by the number of
 * bytes transferred when rm is 31.
 */
static inline uint8_t post_register(uint32_t p, uint32_t rm)
{
	return p && rm != 31 ? (uint8_t)rm : A64_ZERO;
}

static inline unsigned post_bytes(uint32_t p, uint32_t rm, unsigned bytes)
{
	return p && rm == 31 ? bytes : 0;
}

/* AdvSIMD single structures: the element's size (log2 of bytes), and with its index * 8. */
static inline unsigned lane_size(uint32_t scale, uint32_t size)
{
	return scale == 2 ? scale + (size & 1) : scale;
}

static inline unsigned lane(uint32_t q, uint32_t scale, uint32_t s, uint32_t size)
{
	unsigned log2 = lane_size(scale, size);

	return log2 | ((q << 3 | s << 2 | size) >> log2) << 3;
}

static inline bool lane_ok(uint32_t scale, uint32_t s, uint32_t size)
{
	switch (scale) {
	case 0: return true;
	case 1: return !(size & 1);
	case 2: return size == 0 || (size == 1 && !s);
	default: return false;
	}
}

/* AdvSIMD vector and element, of 16 (size 1) or 32 bits (size 2): index and register. */
static inline unsigned element(uint32_t size, uint32_t h, uint32_t l, uint32_t m)
{
	return size == 1 ? h << 2 | l << 1 | m : h << 1 | l;
}

static inline unsigned element_register(uint32_t size, uint32_t m, uint32_t rm)
{
	return size == 1 ? rm : m << 4 | rm;
}

/* AdvSIMD shift by immediate: log2 of the element's bytes, and the amounts (immh is not 0). */
static inline unsigned shift_size(uint32_t immh)
{
	return 31 - (unsigned)__builtin_clz(immh);
}

static inline unsigned shift_right(uint32_t immh, uint32_t immb)
{
	return (16u << shift_size(immh)) - (immh << 3 | immb);
}

static inline unsigned shift_left(uint32_t immh, uint32_t immb)
{
	return (immh << 3 | immb) - (8u << shift_size(immh));
}

/* AdvSIMD modified immediate: is cmode one of MOVI's (op 0) or MVNI's, or of ORR's and BIC's? */
static inline bool immediate_moves(uint32_t cmode)
{
	return cmode >= 0xc ? cmode != 0xf : !(cmode & 1);
}

static inline bool immediate_combines(uint32_t cmode)
{
	return cmode < 0xc && (cmode & 1);
}

/* Its value (AdvSIMDExpandImm), inverted already for MVNI; BIC's is not. */
uint64_t immediate(uint32_t op, uint32_t cmode, uint32_t abc, uint32_t defgh);

#endif
