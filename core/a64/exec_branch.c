/*
 * Branches (Arm ARM DDI 0487, C4.1.94 and C6.2).
 *
 * A branch that is taken returns to the run loop; one that is not goes on within the straight run.
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

#define BRANCH_IF(name, condition)                      \
	A64_BRANCH(name)                                \
	{                                               \
		if (condition)                          \
			return a64_jump_direct(cpu, i); \
		A64_NEXT;                               \
	}

/* The conditions by their encoding: a constant makes a64_condition() a test of one or two flags. */
BRANCH_IF(B_EQ, a64_condition(cpu, 0))
BRANCH_IF(B_NE, a64_condition(cpu, 1))
BRANCH_IF(B_CS, a64_condition(cpu, 2))
BRANCH_IF(B_CC, a64_condition(cpu, 3))
BRANCH_IF(B_MI, a64_condition(cpu, 4))
BRANCH_IF(B_PL, a64_condition(cpu, 5))
BRANCH_IF(B_HI, a64_condition(cpu, 8))
BRANCH_IF(B_LS, a64_condition(cpu, 9))
BRANCH_IF(B_GE, a64_condition(cpu, 10))
BRANCH_IF(B_LT, a64_condition(cpu, 11))
BRANCH_IF(B_GT, a64_condition(cpu, 12))
BRANCH_IF(B_LE, a64_condition(cpu, 13))
BRANCH_IF(B_cond, a64_condition(cpu, i->rd))

BRANCH_IF(CBZ_32, W(rn) == 0)
BRANCH_IF(CBZ_64, X(rn) == 0)
BRANCH_IF(CBNZ_32, W(rn) != 0)
BRANCH_IF(CBNZ_64, X(rn) != 0)

/* The number of the bit is in rm. */
BRANCH_IF(TBZ, (X(rn) >> i->rm & 1) == 0)
BRANCH_IF(TBNZ, (X(rn) >> i->rm & 1) != 0)

A64_BRANCH(BR)
{
	return a64_jump(cpu, i, X(rn));
}

A64_BRANCH(BLR)
{
	uint64_t target = X(rn); /* rn may be x30 */

	cpu->x[30] = a64_pc(cpu, i) + 4;
	return a64_jump(cpu, i, target);
}

A64_BRANCH(RET)
{
	return a64_jump(cpu, i, X(rn));
}
