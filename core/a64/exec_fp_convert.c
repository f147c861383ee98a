/*
 * Scalar floating-point conversions (Arm ARM DDI 0487, C7): among formats, between vector and
 * general registers, and moves of bits between these.
 *
 * In the instructions with a general register, ra is the floating-point format, rm the width of the
 * general register, and imm the number of fraction bits, 0 for integers.
 */
#include "core/a64/decode.h"
#include "core/a64/fp_lanes.h"

/* ---- Among formats: FCVT_TO_FROM ---- */

#define FORMAT_TO_FORMAT(name, to, from)                                                     \
	A64_FP(name)                                                                         \
	{                                                                                    \
		fp_scalar_write(&V(rd), to,                                                  \
				fp_convert(&cpu->fp, to, from, fp_scalar_read(&V(rn), from), \
					   fp_rounding_mode(&cpu->fp)));                     \
	}

FORMAT_TO_FORMAT(FCVT_s_d, FP_32, FP_64)
FORMAT_TO_FORMAT(FCVT_s_h, FP_32, FP_16)
FORMAT_TO_FORMAT(FCVT_d_s, FP_64, FP_32)
FORMAT_TO_FORMAT(FCVT_d_h, FP_64, FP_16)
FORMAT_TO_FORMAT(FCVT_h_s, FP_16, FP_32)
FORMAT_TO_FORMAT(FCVT_h_d, FP_16, FP_64)

/* ---- To a general register ---- */

static inline void to_general(struct a64_cpu *cpu, const struct a64_insn *i,
			      enum fp_rounding rounding, bool is_unsigned)
{
	enum fp_format format = (enum fp_format)i->ra;

	X(rd) = fp_to_fixed(&cpu->fp, format, fp_scalar_read(&V(rn), format), (unsigned)i->imm,
			    is_unsigned, rounding, i->rm);
}

/* Both lines of an instruction, and both signednesses. */
#define TO_GENERAL(name, suffix, rounding)           \
	A64_FP(name##S_##suffix)                     \
	{                                            \
		to_general(cpu, i, rounding, false); \
	}                                            \
	A64_FP(name##S_##suffix##_h)                 \
	{                                            \
		to_general(cpu, i, rounding, false); \
	}                                            \
	A64_FP(name##U_##suffix)                     \
	{                                            \
		to_general(cpu, i, rounding, true);  \
	}                                            \
	A64_FP(name##U_##suffix##_h)                 \
	{                                            \
		to_general(cpu, i, rounding, true);  \
	}

TO_GENERAL(FCVTN, gpr, FP_ROUND_TIEEVEN)
TO_GENERAL(FCVTP, gpr, FP_ROUND_POSINF)
TO_GENERAL(FCVTM, gpr, FP_ROUND_NEGINF)
TO_GENERAL(FCVTZ, gpr, FP_ROUND_ZERO)
TO_GENERAL(FCVTA, gpr, FP_ROUND_TIEAWAY)
TO_GENERAL(FCVTZ, gpr_fixed, FP_ROUND_ZERO)

/* ---- From a general register ---- */

static inline void from_general(struct a64_cpu *cpu, const struct a64_insn *i, bool is_unsigned)
{
	enum fp_format format = (enum fp_format)i->ra;
	uint64_t value = X(rn);

	if (i->rm == 32)
		value = is_unsigned ? W(rn) : (uint64_t)(int32_t)W(rn);
	fp_scalar_write(&V(rd), format,
			fp_from_fixed(&cpu->fp, format, value, (unsigned)i->imm, is_unsigned,
				      fp_rounding_mode(&cpu->fp)));
}

#define FROM_GENERAL(name, is_unsigned)            \
	A64_FP(name)                               \
	{                                          \
		from_general(cpu, i, is_unsigned); \
	}                                          \
	A64_FP(name##_h)                           \
	{                                          \
		from_general(cpu, i, is_unsigned); \
	}

FROM_GENERAL(SCVTF_gpr, false)
FROM_GENERAL(UCVTF_gpr, true)
FROM_GENERAL(SCVTF_gpr_fixed, false)
FROM_GENERAL(UCVTF_gpr_fixed, true)

/* ---- Moves of bits: FMOV_TO_FROM; gpr is either width, the upper bits zero in both ---- */

A64_FP(FMOV_w_s)
{
	X(rd) = V(rn).s[0];
}

A64_FP(FMOV_s_w)
{
	fp_scalar_write(&V(rd), FP_32, X(rn));
}

A64_FP(FMOV_x_d)
{
	X(rd) = V(rn).d[0];
}

A64_FP(FMOV_d_x)
{
	fp_scalar_write(&V(rd), FP_64, X(rn));
}

/* The one write to a vector register here that keeps the rest of it. */
A64_FP(FMOV_top_x)
{
	V(rd).d[1] = X(rn);
}

A64_FP(FMOV_x_top)
{
	X(rd) = V(rn).d[1];
}

A64_FP(FMOV_gpr_h)
{
	X(rd) = V(rn).h[0];
}

A64_FP(FMOV_h_gpr)
{
	fp_scalar_write(&V(rd), FP_16, X(rn));
}
