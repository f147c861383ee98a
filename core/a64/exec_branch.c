/*
 * Branches (Arm ARM, C6).
 */
#include "core/a64/decode.h"

A64_BRANCH(B)
{
	return a64_jump_direct(cpu, i);
}

A64_BRANCH(BL)
{
	cpu->x[30] = a64_pc(cpu, i) + 4;
	return a64_jump_direct(cpu, i);
}
