/*
 * Integer data processing (Arm ARM DDI 0487, C4.1.92, C4.1.96 and C6.2): arithmetic, logic, moves,
 * shifts, bit fields, multiply, divide, CRC32, conditional operations.
 *
 * The instructions stand in the order of the table. A 32-bit form reads W() and zero-extends what
 * it writes. A form that sets flags leaves the result that they come from (core/a64/cpu.h).
 */
#include "core/a64/decode.h"

/* ---- Flags ---- */

static inline uint64_t logic_flags64(struct a64_cpu *cpu, uint64_t result)
{
	cpu->n_result = (int64_t)result;
	cpu->z_result = result;
	cpu->c = 0;
	cpu->v_flag = 0;
	return result;
}

static inline uint32_t logic_flags32(struct a64_cpu *cpu, uint32_t result)
{
	cpu->n_result = (int32_t)result;
	cpu->z_result = result;
	cpu->c = 0;
	cpu->v_flag = 0;
	return result;
}

/* a + b. V: the operands have one sign and the result has the other. */
static inline uint64_t add_flags64(struct a64_cpu *cpu, uint64_t a, uint64_t b)
{
	uint64_t result = a + b;

	cpu->n_result = (int64_t)result;
	cpu->z_result = result;
	cpu->c = result < a;
	cpu->v_flag = ((a ^ result) & (b ^ result)) >> 63;
	return result;
}

static inline uint32_t add_flags32(struct a64_cpu *cpu, uint32_t a, uint32_t b)
{
	uint32_t result = a + b;

	cpu->n_result = (int32_t)result;
	cpu->z_result = result;
	cpu->c = result < a;
	cpu->v_flag = ((a ^ result) & (b ^ result)) >> 31;
	return result;
}

/* a - b. C is "no borrow". */
static inline uint64_t sub_flags64(struct a64_cpu *cpu, uint64_t a, uint64_t b)
{
	uint64_t result = a - b;

	cpu->n_result = (int64_t)result;
	cpu->z_result = result;
	cpu->c = a >= b;
	cpu->v_flag = ((a ^ b) & (a ^ result)) >> 63;
	return result;
}

static inline uint32_t sub_flags32(struct a64_cpu *cpu, uint32_t a, uint32_t b)
{
	uint32_t result = a - b;

	cpu->n_result = (int32_t)result;
	cpu->z_result = result;
	cpu->c = a >= b;
	cpu->v_flag = ((a ^ b) & (a ^ result)) >> 31;
	return result;
}

/* AddWithCarry (Arm ARM, shared pseudocode), with PSTATE.C as the carry. */
static inline uint64_t carry_flags64(struct a64_cpu *cpu, uint64_t a, uint64_t b)
{
	unsigned __int128 sum = (unsigned __int128)a + b + cpu->c;
	uint64_t result = (uint64_t)sum;

	cpu->n_result = (int64_t)result;
	cpu->z_result = result;
	cpu->c = (uint8_t)(sum >> 64);
	cpu->v_flag = ((a ^ result) & (b ^ result)) >> 63;
	return result;
}

static inline uint32_t carry_flags32(struct a64_cpu *cpu, uint32_t a, uint32_t b)
{
	uint64_t sum = (uint64_t)a + b + cpu->c;
	uint32_t result = (uint32_t)sum;

	cpu->n_result = (int32_t)result;
	cpu->z_result = result;
	cpu->c = (uint8_t)(sum >> 32);
	cpu->v_flag = ((a ^ result) & (b ^ result)) >> 31;
	return result;
}

/* ---- Shifts and extensions ---- */

static inline uint64_t rotate64(uint64_t value, unsigned amount)
{
	return value >> (amount & 63) | value << (-amount & 63);
}

static inline uint32_t rotate32(uint32_t value, unsigned amount)
{
	return value >> (amount & 31) | value << (-amount & 31);
}

/* ShiftReg: by type 0 LSL, 1 LSR, 2 ASR, 3 ROR; amount below the width. */
static inline uint64_t shift64(uint64_t value, unsigned type, unsigned amount)
{
	switch (type) {
	case 0: return value << amount;
	case 1: return value >> amount;
	case 2: return (uint64_t)((int64_t)value >> amount);
	default: return rotate64(value, amount);
	}
}

static inline uint32_t shift32(uint32_t value, unsigned type, unsigned amount)
{
	switch (type) {
	case 0: return value << amount;
	case 1: return value >> amount;
	case 2: return (uint32_t)((int32_t)value >> amount);
	default: return rotate32(value, amount);
	}
}

/* ExtendReg: by option UXTB, UXTH, UXTW, UXTX, SXTB, SXTH, SXTW, SXTX, then LSL by 0 to 4. */
static inline uint64_t extend(uint64_t value, unsigned option, unsigned amount)
{
	switch (option) {
	case 0: value = (uint8_t)value; break;
	case 1: value = (uint16_t)value; break;
	case 2: value = (uint32_t)value; break;
	case 4: value = (uint64_t)(int8_t)value; break;
	case 5: value = (uint64_t)(int16_t)value; break;
	case 6: value = (uint64_t)(int32_t)value; break;
	default: break;
	}
	return value << amount;
}

/* The second operand in its forms. */
#define IMM32	i->uimm
#define IMM64	i->uimm
#define REG32	W(rm)
#define REG64	X(rm)
#define SHIFT32 shift32(W(rm), i->ra, (unsigned)i->imm)
#define SHIFT64 shift64(X(rm), i->ra, (unsigned)i->imm)
#define EXT32	(uint32_t)extend(X(rm), i->ra, (unsigned)i->imm)
#define EXT64	extend(X(rm), i->ra, (unsigned)i->imm)

/* ---- PC-relative ---- */

A64(ADR)
{
	X(rd) = a64_pc(cpu, i) + i->uimm;
}

/* A code page is 4 KiB too: its address is the PC with the low 12 bits cleared. */
A64(ADRP)
{
	X(rd) = cpu->code_va + i->uimm;
}

/* ---- Add and subtract ---- */

#define ARITHMETIC(form, operand)                                       \
	A64(ADD_##form##_32)                                            \
	{                                                               \
		X(rd) = (uint32_t)(W(rn) + operand##32);                \
	}                                                               \
	A64(ADD_##form##_64)                                            \
	{                                                               \
		X(rd) = X(rn) + operand##64;                            \
	}                                                               \
	A64(SUB_##form##_32)                                            \
	{                                                               \
		X(rd) = (uint32_t)(W(rn) - operand##32);                \
	}                                                               \
	A64(SUB_##form##_64)                                            \
	{                                                               \
		X(rd) = X(rn) - operand##64;                            \
	}                                                               \
	A64(ADDS_##form##_32)                                           \
	{                                                               \
		X(rd) = add_flags32(cpu, W(rn), (uint32_t)operand##32); \
	}                                                               \
	A64(ADDS_##form##_64)                                           \
	{                                                               \
		X(rd) = add_flags64(cpu, X(rn), operand##64);           \
	}                                                               \
	A64(SUBS_##form##_32)                                           \
	{                                                               \
		X(rd) = sub_flags32(cpu, W(rn), (uint32_t)operand##32); \
	}                                                               \
	A64(SUBS_##form##_64)                                           \
	{                                                               \
		X(rd) = sub_flags64(cpu, X(rn), operand##64);           \
	}

ARITHMETIC(imm, IMM)
ARITHMETIC(reg, REG)
ARITHMETIC(shift, SHIFT)
ARITHMETIC(ext, EXT)

A64(ADC_32)
{
	X(rd) = (uint32_t)(W(rn) + W(rm) + cpu->c);
}

A64(ADC_64)
{
	X(rd) = X(rn) + X(rm) + cpu->c;
}

A64(ADCS_32)
{
	X(rd) = carry_flags32(cpu, W(rn), W(rm));
}

A64(ADCS_64)
{
	X(rd) = carry_flags64(cpu, X(rn), X(rm));
}

A64(SBC_32)
{
	X(rd) = (uint32_t)(W(rn) + ~W(rm) + cpu->c);
}

A64(SBC_64)
{
	X(rd) = X(rn) + ~X(rm) + cpu->c;
}

A64(SBCS_32)
{
	X(rd) = carry_flags32(cpu, W(rn), ~W(rm));
}

A64(SBCS_64)
{
	X(rd) = carry_flags64(cpu, X(rn), ~X(rm));
}

/* ---- Logical ---- */

#define LOGIC(name, form, operation, operand)                    \
	A64(name##_##form##_32)                                  \
	{                                                        \
		X(rd) = (uint32_t)(W(rn) operation operand##32); \
	}                                                        \
	A64(name##_##form##_64)                                  \
	{                                                        \
		X(rd) = X(rn) operation operand##64;             \
	}

#define LOGIC_FLAGS(name, form, operation, operand)                                  \
	A64(name##_##form##_32)                                                      \
	{                                                                            \
		X(rd) = logic_flags32(cpu, (uint32_t)(W(rn) operation operand##32)); \
	}                                                                            \
	A64(name##_##form##_64)                                                      \
	{                                                                            \
		X(rd) = logic_flags64(cpu, X(rn) operation operand##64);             \
	}

LOGIC(AND, imm, &, IMM)
LOGIC(ORR, imm, |, IMM)
LOGIC(EOR, imm, ^, IMM)
LOGIC_FLAGS(ANDS, imm, &, IMM)

#define LOGIC_REGISTER(form, operand)       \
	LOGIC(AND, form, &, operand)        \
	LOGIC(BIC, form, &~, operand)       \
	LOGIC(ORR, form, |, operand)        \
	LOGIC(ORN, form, | ~, operand)      \
	LOGIC(EOR, form, ^, operand)        \
	LOGIC(EON, form, ^~, operand)       \
	LOGIC_FLAGS(ANDS, form, &, operand) \
	LOGIC_FLAGS(BICS, form, &~, operand)

LOGIC_REGISTER(reg, REG)
LOGIC_REGISTER(shift, SHIFT)

/* ---- Move wide ---- */

A64(MOVN_32)
{
	X(rd) = i->uimm;
}

A64(MOVN_64)
{
	X(rd) = i->uimm;
}

A64(MOVZ_32)
{
	X(rd) = i->uimm;
}

A64(MOVZ_64)
{
	X(rd) = i->uimm;
}

A64(MOVK_32)
{
	X(rd) = (X(rd) & i->imm2) | i->uimm;
}

A64(MOVK_64)
{
	X(rd) = (X(rd) & i->imm2) | i->uimm;
}

/* ---- Bit fields and extract ---- */

A64(SBFM_32)
{
	X(rd) = (uint32_t)((int32_t)(W(rn) << i->rm) >> i->ra);
}

A64(SBFM_64)
{
	X(rd) = (uint64_t)((int64_t)(X(rn) << i->rm) >> i->ra);
}

A64(BFM_32)
{
	uint32_t mask = (uint32_t)i->imm2;

	X(rd) = (W(rd) & ~mask) | (rotate32(W(rn), (unsigned)i->imm) & mask);
}

A64(BFM_64)
{
	X(rd) = (X(rd) & ~i->imm2) | (rotate64(X(rn), (unsigned)i->imm) & i->imm2);
}

A64(UBFM_32)
{
	X(rd) = rotate32(W(rn), (unsigned)i->imm) & i->imm2;
}

A64(UBFM_64)
{
	X(rd) = rotate64(X(rn), (unsigned)i->imm) & i->imm2;
}

A64(ASR_imm_64)
{
	X(rd) = (uint64_t)((int64_t)X(rn) >> i->imm);
}

A64(SXTW)
{
	X(rd) = (uint64_t)(int32_t)X(rn);
}

A64(LSR_imm_32)
{
	X(rd) = W(rn) >> i->imm;
}

A64(LSR_imm_64)
{
	X(rd) = X(rn) >> i->imm;
}

A64(EXTR_32)
{
	X(rd) = (uint32_t)(((uint64_t)W(rn) << 32 | W(rm)) >> i->imm);
}

A64(EXTR_64)
{
	X(rd) = (uint64_t)(((unsigned __int128)X(rn) << 64 | X(rm)) >> i->imm);
}

/* ---- Division: by zero gives 0, and the one quotient that does not fit wraps ---- */

A64(UDIV_32)
{
	X(rd) = W(rm) ? W(rn) / W(rm) : 0;
}

A64(UDIV_64)
{
	X(rd) = X(rm) ? X(rn) / X(rm) : 0;
}

A64(SDIV_32)
{
	int32_t dividend = (int32_t)W(rn), divisor = (int32_t)W(rm);

	if (divisor == 0)
		X(rd) = 0;
	else if (divisor == -1)
		X(rd) = 0u - W(rn);
	else
		X(rd) = (uint32_t)(dividend / divisor);
}

A64(SDIV_64)
{
	int64_t dividend = (int64_t)X(rn), divisor = (int64_t)X(rm);

	if (divisor == 0)
		X(rd) = 0;
	else if (divisor == -1)
		X(rd) = 0 - X(rn);
	else
		X(rd) = (uint64_t)(dividend / divisor);
}

/* ---- Variable shifts: modulo the width ---- */

#define SHIFT_VARIABLE(name, type)                        \
	A64(name##_32)                                    \
	{                                                 \
		X(rd) = shift32(W(rn), type, X(rm) & 31); \
	}                                                 \
	A64(name##_64)                                    \
	{                                                 \
		X(rd) = shift64(X(rn), type, X(rm) & 63); \
	}

SHIFT_VARIABLE(LSLV, 0)
SHIFT_VARIABLE(LSRV, 1)
SHIFT_VARIABLE(ASRV, 2)
SHIFT_VARIABLE(RORV, 3)

/* ---- CRC32: bit-reversed, four bits a step ---- */

/* 0x04c11db7, the polynomial of IEEE 802.3: what each low nibble adds to the rest. */
static const uint32_t crc32_nibbles[16] = {
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
	0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
	0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

/* 0x1edc6f41, Castagnoli's. */
static const uint32_t crc32c_nibbles[16] = {
	0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
	0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
	0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

static uint32_t crc32_step(const uint32_t nibbles[16], uint32_t crc, uint64_t data, unsigned bytes)
{
	for (unsigned nibble = 0; nibble < bytes * 2; nibble++, data >>= 4)
		crc = crc >> 4 ^ nibbles[(crc ^ data) & 15];
	return crc;
}

#define CRC(name, nibbles)                                    \
	A64(name##B)                                          \
	{                                                     \
		X(rd) = crc32_step(nibbles, W(rn), X(rm), 1); \
	}                                                     \
	A64(name##H)                                          \
	{                                                     \
		X(rd) = crc32_step(nibbles, W(rn), X(rm), 2); \
	}                                                     \
	A64(name##W)                                          \
	{                                                     \
		X(rd) = crc32_step(nibbles, W(rn), X(rm), 4); \
	}                                                     \
	A64(name##X)                                          \
	{                                                     \
		X(rd) = crc32_step(nibbles, W(rn), X(rm), 8); \
	}

CRC(CRC32, crc32_nibbles)
CRC(CRC32C, crc32c_nibbles)

/* ---- One source ---- */

static uint64_t reverse_bits(uint64_t value)
{
	value = (value >> 1 & 0x5555555555555555) | (value & 0x5555555555555555) << 1;
	value = (value >> 2 & 0x3333333333333333) | (value & 0x3333333333333333) << 2;
	value = (value >> 4 & 0x0f0f0f0f0f0f0f0f) | (value & 0x0f0f0f0f0f0f0f0f) << 4;
	return __builtin_bswap64(value);
}

A64(RBIT_32)
{
	X(rd) = reverse_bits(W(rn)) >> 32;
}

A64(RBIT_64)
{
	X(rd) = reverse_bits(X(rn));
}

A64(REV16_32)
{
	X(rd) = (W(rn) >> 8 & 0x00ff00ff) | (W(rn) & 0x00ff00ff) << 8;
}

A64(REV16_64)
{
	X(rd) = (X(rn) >> 8 & 0x00ff00ff00ff00ff) | (X(rn) & 0x00ff00ff00ff00ff) << 8;
}

A64(REV_32)
{
	X(rd) = __builtin_bswap32(W(rn));
}

A64(REV32)
{
	X(rd) = rotate64(__builtin_bswap64(X(rn)), 32);
}

A64(REV_64)
{
	X(rd) = __builtin_bswap64(X(rn));
}

A64(CLZ_32)
{
	X(rd) = W(rn) ? (unsigned)__builtin_clz(W(rn)) : 32;
}

A64(CLZ_64)
{
	X(rd) = X(rn) ? (unsigned)__builtin_clzll(X(rn)) : 64;
}

A64(CLS_32)
{
	X(rd) = (unsigned)__builtin_clrsb((int)W(rn));
}

A64(CLS_64)
{
	X(rd) = (unsigned)__builtin_clrsbll((long long)X(rn));
}

/* ---- Conditional compare: the condition is in ra, the flags where it does not hold in rd ---- */

#define COMPARE_IF(name, flags, form, operand)                        \
	A64(name##_##form##_32)                                       \
	{                                                             \
		if (a64_condition(cpu, i->ra))                        \
			flags##32(cpu, W(rn), (uint32_t)operand##32); \
		else                                                  \
			a64_set_nzcv(cpu, i->rd);                     \
	}                                                             \
	A64(name##_##form##_64)                                       \
	{                                                             \
		if (a64_condition(cpu, i->ra))                        \
			flags##64(cpu, X(rn), operand##64);           \
		else                                                  \
			a64_set_nzcv(cpu, i->rd);                     \
	}

COMPARE_IF(CCMN, add_flags, reg, REG)
COMPARE_IF(CCMN, add_flags, imm, IMM)
COMPARE_IF(CCMP, sub_flags, reg, REG)
COMPARE_IF(CCMP, sub_flags, imm, IMM)

/* ---- Conditional select ---- */

#define SELECT(name, otherwise)                                                    \
	A64(name##_32)                                                             \
	{                                                                          \
		X(rd) = a64_condition(cpu, i->ra) ? W(rn) : (uint32_t)(otherwise); \
	}                                                                          \
	A64(name##_64)                                                             \
	{                                                                          \
		X(rd) = a64_condition(cpu, i->ra) ? X(rn) : (otherwise);           \
	}

SELECT(CSEL, X(rm))
SELECT(CSINC, X(rm) + 1)
SELECT(CSINV, ~X(rm))
SELECT(CSNEG, 0 - X(rm))

/* ---- Three sources ---- */

A64(MADD_32)
{
	X(rd) = (uint32_t)(W(ra) + W(rn) * W(rm));
}

A64(MADD_64)
{
	X(rd) = X(ra) + X(rn) * X(rm);
}

A64(MSUB_32)
{
	X(rd) = (uint32_t)(W(ra) - W(rn) * W(rm));
}

A64(MSUB_64)
{
	X(rd) = X(ra) - X(rn) * X(rm);
}

#define SIGNED_PRODUCT	 ((uint64_t)((int64_t)(int32_t)W(rn) * (int32_t)W(rm)))
#define UNSIGNED_PRODUCT ((uint64_t)W(rn) * W(rm))

A64(SMADDL)
{
	X(rd) = X(ra) + SIGNED_PRODUCT;
}

A64(SMSUBL)
{
	X(rd) = X(ra) - SIGNED_PRODUCT;
}

A64(UMADDL)
{
	X(rd) = X(ra) + UNSIGNED_PRODUCT;
}

A64(UMSUBL)
{
	X(rd) = X(ra) - UNSIGNED_PRODUCT;
}

A64(SMULH)
{
	X(rd) = (uint64_t)(((__int128)(int64_t)X(rn) * (int64_t)X(rm)) >> 64);
}

A64(UMULH)
{
	X(rd) = (uint64_t)(((unsigned __int128)X(rn) * X(rm)) >> 64);
}
