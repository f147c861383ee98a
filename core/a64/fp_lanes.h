/*
 * Vector registers as lanes of floating-point numbers.
 *
 * An AdvSIMD floating-point instruction holds in its operand ra a shape: the format of its lanes in
 * bits 1 and 0, above them how many bytes they are together. The scalar forms are vectors of one
 * lane: everything above it is zeroed, as above the 64 bits of a short vector.
 */
#ifndef GOD_CORE_A64_FP_LANES_H
#define GOD_CORE_A64_FP_LANES_H

#include "core/a64/cpu.h"
#include "core/a64/fp.h"

/* Shapes, for a64.decode: 8 or 16 bytes by Q, one lane, two lanes. */
static inline uint8_t fp_vector(uint32_t q, uint32_t format)
{
	return (uint8_t)((8u << q) << 2 | format);
}

static inline uint8_t fp_lane(uint32_t format)
{
	return (uint8_t)((1u << format) << 2 | format);
}

static inline uint8_t fp_pair(uint32_t format)
{
	return (uint8_t)((2u << format) << 2 | format);
}

static inline enum fp_format fp_shape_format(uint8_t shape)
{
	return (enum fp_format)(shape & 3);
}

static inline unsigned fp_shape_lanes(uint8_t shape)
{
	return shape >> 2 >> (shape & 3);
}

static inline uint64_t fp_lane_read(const union a64_vreg *v, enum fp_format format, unsigned lane)
{
	switch (format) {
	case FP_16: return v->h[lane];
	case FP_32: return v->s[lane];
	default: return v->d[lane];
	}
}

static inline void fp_lane_write(union a64_vreg *v, enum fp_format format, unsigned lane,
				 uint64_t bits)
{
	switch (format) {
	case FP_16: v->h[lane] = (uint16_t)bits; break;
	case FP_32: v->s[lane] = (uint32_t)bits; break;
	default: v->d[lane] = bits;
	}
}

/* A scalar register: reads are of its lowest lane, writes zero the rest. */
static inline uint64_t fp_scalar_read(const union a64_vreg *v, enum fp_format format)
{
	return fp_lane_read(v, format, 0);
}

static inline void fp_scalar_write(union a64_vreg *v, enum fp_format format, uint64_t bits)
{
	v->q = 0;
	fp_lane_write(v, format, 0, bits);
}

#endif
