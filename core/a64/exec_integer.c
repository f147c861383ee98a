/*
 * Integer data processing (Arm ARM, C6): arithmetic, logic, moves, shifts, bit fields, multiply,
 * divide, CRC32, conditional operations.
 */
#include "core/a64/decode.h"

A64(ADD_imm_32)
{
	X(rd) = (uint32_t)(W(rn) + (uint32_t)i->imm);
}

A64(ADD_imm_64)
{
	X(rd) = X(rn) + i->uimm;
}

A64(MOVZ_32)
{
	X(rd) = i->uimm;
}

A64(MOVZ_64)
{
	X(rd) = i->uimm;
}
