/*
 * Expressions of a64.decode that are too long for the table.
 */
#include "core/a64/decode_help.h"

/* log2 of the element size that N:NOT(imms) encodes, or -1 (DecodeBitMasks). */
static int bitmask_element(uint32_t n, uint32_t imms)
{
	uint32_t combined = n << 6 | (~imms & 0x3f);

	return combined ? 31 - __builtin_clz(combined) : -1;
}

bool bitmask_ok(unsigned width, uint32_t n, uint32_t imms)
{
	int len = bitmask_element(n, imms);
	uint32_t levels;

	if (len < 1 || (width == 32 && n))
		return false;
	levels = (1u << len) - 1;
	return (imms & levels) != levels;
}

uint64_t bitmask(unsigned width, uint32_t n, uint32_t immr, uint32_t imms)
{
	int len = bitmask_element(n, imms);
	unsigned size = 1u << len, ones, rotate, filled;
	uint64_t element, result;

	ones = (imms & (size - 1)) + 1;
	rotate = immr & (size - 1);
	element = ones == 64 ? UINT64_MAX : (1ULL << ones) - 1;
	if (rotate)
		element = element >> rotate | element << (size - rotate);
	if (size < 64)
		element &= (1ULL << size) - 1;
	result = element;
	for (filled = size; filled < 64; filled *= 2)
		result |= result << filled;
	return width == 32 ? (uint32_t)result : result;
}

uint64_t bitfield(unsigned width, uint32_t immr, uint32_t imms)
{
	unsigned ones = imms >= immr ? imms - immr + 1 : imms + 1;
	uint64_t mask = ones == 64 ? UINT64_MAX : (1ULL << ones) - 1;

	return imms >= immr ? mask : mask << (width - immr);
}

uint64_t immediate(uint32_t op, uint32_t cmode, uint32_t abc, uint32_t defgh)
{
	uint64_t imm8 = abc << 5 | defgh, value;
	unsigned bit;

	switch (cmode >> 1) {
	case 0:
	case 1:
	case 2:
	case 3: /* 32 bits, shifted by 0, 8, 16, 24 */
		value = (imm8 << (cmode >> 1) * 8) * 0x0000000100000001;
		break;
	case 4:
	case 5: /* 16 bits, shifted by 0, 8 */
		value = (imm8 << (cmode >> 1 & 1) * 8) * 0x0001000100010001;
		break;
	case 6: /* 32 bits, shifted by 8, 16, with ones coming in */
		value = (cmode & 1 ? imm8 << 16 | 0xffff : imm8 << 8 | 0xff) * 0x0000000100000001;
		break;
	default:
		if (!op)
			return imm8 * 0x0101010101010101;
		for (value = 0, bit = 0; bit < 8; bit++) /* 64 bits, each of imm8 a byte */
			if (imm8 >> bit & 1)
				value |= 0xffULL << bit * 8;
		return value;
	}
	return op && immediate_moves(cmode) ? ~value : value;
}
