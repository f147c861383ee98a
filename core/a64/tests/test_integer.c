/*
 * The semantics of integer instructions, held against definitions that are written another way: the
 * Arm ARM's bit by bit, or known results.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "core/a64/decode.h"

static struct a64_cpu *cpu;
static struct a64_insn code[2];

static const struct a64_insn *stop(struct a64_cpu *unused, const struct a64_insn *i)
{
	(void)unused;
	(void)i;
	return NULL;
}

static void set_up(void)
{
	cpu = calloc(1, sizeof(*cpu));
	cr_assert_not_null(cpu);
	cpu->features = A64_FEATURES;
	cpu->code_insns = code;
	cpu->code_va = 0x40000000;
	srand(1);
}

static void tear_down(void)
{
	free(cpu);
}

TestSuite(integer, .init = set_up, .fini = tear_down, .timeout = 20);

/* Execute one word that does not branch. */
static void execute(uint32_t word)
{
	enum a64_op op = a64_decode(word, cpu->features, &code[0]);

	cr_assert_neq(op, A64_OP_UNDEFINED, "%08x", word);
	code[1].exec = stop;
	code[0].exec(cpu, code);
	cr_assert_eq(cpu->x[A64_ZERO], 0, "%s wrote to the zero register", a64_ops[op].name);
}

/* x0 = word(x1, x2), a word with those three registers. */
static uint64_t result(uint32_t word, uint64_t x1, uint64_t x2)
{
	cpu->x[1] = x1;
	cpu->x[2] = x2;
	execute(word);
	return cpu->x[0];
}

static uint64_t random64(void)
{
	uint64_t value = 0;

	for (unsigned n = 0; n < 5; n++)
		value = value << 15 ^ (uint64_t)rand();
	return rand() & 1 ? value : value >> (value & 63);
}

#define SUBS_64 0xeb020020 /* subs x0, x1, x2 */
#define SUBS_32 0x6b020020
#define ADDS_64 0xab020020
#define ADDS_32 0x2b020020
#define ADCS_64 0xba020020
#define SBCS_64 0xfa020020

static const uint64_t edges[] = {
	0,
	1,
	2,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x100000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	0xfffffffffffffffe,
	0xffffffffffffffff,
};

#define EDGES (sizeof(edges) / sizeof(*edges))

/* AddWithCarry by its definition: the flags tell whether the exact sums fit. */
static unsigned exact_flags(uint64_t a, uint64_t b, unsigned carry, unsigned width)
{
	uint64_t mask = width == 64 ? UINT64_MAX : UINT32_MAX;
	unsigned __int128 exact = (unsigned __int128)(a & mask) + (b & mask) + carry;
	__int128 sign_a = width == 64 ? (int64_t)a : (int32_t)a;
	__int128 sign_b = width == 64 ? (int64_t)b : (int32_t)b;
	__int128 sum = sign_a + sign_b + carry;
	uint64_t low = (uint64_t)exact & mask;
	__int128 signed_low = width == 64 ? (int64_t)low : (int32_t)low;

	return (signed_low < 0) << 3 | (low == 0) << 2 | (exact != low) << 1 | (sum != signed_low);
}

Test(integer, flags_of_add_and_subtract_at_the_edges)
{
	for (unsigned n = 0; n < EDGES * EDGES; n++) {
		uint64_t a = edges[n / EDGES], b = edges[n % EDGES];

		cr_expect_eq(result(ADDS_64, a, b), a + b);
		cr_expect_eq(a64_nzcv(cpu), exact_flags(a, b, 0, 64), "%lx + %lx", a, b);
		cr_expect_eq(result(SUBS_64, a, b), a - b);
		cr_expect_eq(a64_nzcv(cpu), exact_flags(a, ~b, 1, 64), "%lx - %lx", a, b);
		cr_expect_eq(result(ADDS_32, a, b), (uint32_t)(a + b));
		cr_expect_eq(a64_nzcv(cpu), exact_flags(a, b, 0, 32), "%lx + %lx, words", a, b);
		cr_expect_eq(result(SUBS_32, a, b), (uint32_t)(a - b));
		cr_expect_eq(a64_nzcv(cpu), exact_flags(a, ~b, 1, 32), "%lx - %lx, words", a, b);
		for (unsigned carry = 0; carry < 2; carry++) {
			a64_set_nzcv(cpu, carry << 1);
			cr_expect_eq(result(ADCS_64, a, b), a + b + carry);
			cr_expect_eq(a64_nzcv(cpu), exact_flags(a, b, carry, 64));
			a64_set_nzcv(cpu, carry << 1);
			cr_expect_eq(result(SBCS_64, a, b), a + ~b + carry);
			cr_expect_eq(a64_nzcv(cpu), exact_flags(a, ~b, carry, 64));
		}
	}
}

/* The conditions as the Arm ARM's table (C1.2.4) words them. */
static bool holds(unsigned cond, unsigned nzcv)
{
	bool n = nzcv & 8, z = nzcv & 4, c = nzcv & 2, v = nzcv & 1;
	const bool table[16] = {
		z,	 !z,	 c,	 !c,	       n,	    !n,	  v,	!v, c && !z,
		!c || z, n == v, n != v, !z && n == v, z || n != v, true, true,
	};

	return table[cond];
}

Test(integer, every_condition_with_all_flags)
{
	for (unsigned cond = 0; cond < 16; cond++)
		for (unsigned nzcv = 0; nzcv < 16; nzcv++) {
			a64_set_nzcv(cpu, nzcv);
			cr_expect_eq(a64_nzcv(cpu), nzcv);
			/* csel x0, x1, x2, cond */
			cr_expect_eq(result(0x9a820020 | cond << 12, 1, 2),
				     holds(cond, nzcv) ? 1u : 2u, "condition %u, flags %u", cond,
				     nzcv);
		}
}

Test(integer, conditional_compare_takes_its_flags_or_the_given_ones)
{
	for (unsigned nzcv = 0; nzcv < 16; nzcv++) {
		a64_set_nzcv(cpu, 4); /* Z: eq holds */
		cpu->x[1] = 5;
		execute(0xfa450820 | nzcv); /* ccmp x1, #5, nzcv, eq */
		cr_expect_eq(a64_nzcv(cpu), 6u);
		a64_set_nzcv(cpu, 4);
		execute(0xfa451820 | nzcv); /* ccmp x1, #5, nzcv, ne */
		cr_expect_eq(a64_nzcv(cpu), nzcv);
	}
}

Test(integer, division)
{
	for (unsigned n = 0; n < EDGES * EDGES; n++) {
		uint64_t a = edges[n / EDGES], b = edges[n % EDGES];
		__int128 quotient = b ? (__int128)(int64_t)a / (int64_t)b : 0;
		int64_t word = (int32_t)b ? (int64_t)(int32_t)a / (int32_t)b : 0;

		cr_expect_eq(result(0x9ac20820, a, b), b ? a / b : 0);
		cr_expect_eq(result(0x9ac20c20, a, b), (uint64_t)quotient, "%lx / %lx", a, b);
		cr_expect_eq(result(0x1ac20c20, a, b), (uint32_t)word, "%lx / %lx, words", a, b);
	}
	cr_expect_eq(result(0x9ac20c20, INT64_MIN, (uint64_t)-1), (uint64_t)INT64_MIN);
	cr_expect_eq(result(0x1ac20c20, 0x80000000, UINT32_MAX), 0x80000000);
}

/* SBFM, BFM and UBFM, a bit at a time. opc as in the encoding. */
static uint64_t move_bits(unsigned opc, unsigned width, uint64_t old, uint64_t source,
			  unsigned immr, unsigned imms)
{
	unsigned length = imms >= immr ? imms - immr + 1 : imms + 1;
	unsigned from = imms >= immr ? immr : 0, to = imms >= immr ? 0 : width - immr;
	uint64_t value = opc == 1 ? old : 0;

	for (unsigned bit = 0; bit < length; bit++) {
		value &= ~(1ULL << (to + bit));
		value |= (source >> (from + bit) & 1) << (to + bit);
	}
	for (unsigned bit = to + length; opc == 0 && bit < width; bit++)
		value |= (source >> imms & 1) << bit;
	return width == 32 ? (uint32_t)value : value;
}

Test(integer, bit_fields_at_every_position)
{
	for (unsigned immr = 0; immr < 64; immr++)
		for (unsigned imms = 0; imms < 64; imms++)
			for (unsigned opc = 0; opc < 3; opc++) {
				uint64_t old = random64(), source = random64();
				uint32_t word = opc << 29 | immr << 16 | imms << 10 | 1 << 5;

				cpu->x[0] = old;
				cr_expect_eq(result(0x93400000 | word, source, 0),
					     move_bits(opc, 64, old, source, immr, imms));
				if (immr > 31 || imms > 31)
					continue;
				cpu->x[0] = old;
				cr_expect_eq(result(0x13000000 | word, source, 0),
					     move_bits(opc, 32, old, source, immr, imms));
			}
}

Test(integer, shifts_by_register_are_modulo_the_width)
{
	cr_expect_eq(result(0x9ac22020, 1, 64 + 3), 8);			      /* LSLV */
	cr_expect_eq(result(0x1ac22020, 1, 32 + 31), 0x80000000);	      /* LSLV, word */
	cr_expect_eq(result(0x1ac22020, 0xffffffff00000001, 0), 1);	      /* upper half gone */
	cr_expect_eq(result(0x9ac22420, 0x8000000000000000, 63), 1);	      /* LSRV */
	cr_expect_eq(result(0x9ac22820, 0x8000000000000000, 63), UINT64_MAX); /* ASRV */
	cr_expect_eq(result(0x1ac22820, 0x80000000, 31), 0xffffffff);	      /* ASRV, word */
	cr_expect_eq(result(0x9ac22c20, 1, 1), 0x8000000000000000);	      /* RORV */
	cr_expect_eq(result(0x1ac22c20, 1, 1), 0x80000000);		      /* RORV, word */
	cr_expect_eq(result(0x9ac22c20, 5, 128), 5);
}

Test(integer, extracts_across_the_boundary)
{
	for (unsigned lsb = 0; lsb < 64; lsb++) {
		uint64_t high = random64(), low = random64(), expected = 0;

		for (unsigned bit = 0; bit < 64; bit++) {
			unsigned from = bit + lsb;

			expected |= (from < 64 ? low >> from : high >> (from - 64) & 1) % 2 << bit;
		}
		cr_expect_eq(result(0x93c20020 | lsb << 10, high, low), expected);
	}
	cr_expect_eq(result(0x13821020, 0xabcdef12, 0x34567890), 0x23456789); /* extr w, #4 */
}

/* The check values of the two CRCs: what each makes of "123456789". */
Test(integer, crc32_check_values)
{
	static const char text[] = "123456789";
	uint64_t eight;
	uint32_t crc = 0, crc_c = 0;

	memcpy(&eight, text, 8);
	crc = (uint32_t)~result(0x9ac24c20, UINT32_MAX, eight); /* crc32x w0, w1, x2 */
	crc = (uint32_t)~result(0x1ac24020, (uint32_t)~crc, '9');
	cr_expect_eq(crc, 0xcbf43926);
	crc_c = (uint32_t)~result(0x9ac25c20, UINT32_MAX, eight);
	crc_c = (uint32_t)~result(0x1ac25020, (uint32_t)~crc_c, '9');
	cr_expect_eq(crc_c, 0xe3069283);

	/* In steps of half-words and words it is the same. */
	crc = (uint32_t)result(0x1ac24820, UINT32_MAX, (uint32_t)eight);
	crc = (uint32_t)result(0x1ac24420, crc, eight >> 32);
	crc = (uint32_t)result(0x1ac24420, crc, eight >> 48);
	crc = (uint32_t)result(0x1ac24020, crc, '9');
	cr_expect_eq(~crc, 0xcbf43926);
}

Test(integer, reversals_and_counts)
{
	uint64_t x = 0x0123456789abcdef;

	cr_expect_eq(result(0xdac00c20, x, 0), 0xefcdab8967452301); /* rev x0, x1 */
	cr_expect_eq(result(0xdac00820, x, 0), 0x67452301efcdab89); /* rev32 */
	cr_expect_eq(result(0xdac00420, x, 0), 0x23016745ab89efcd); /* rev16 */
	cr_expect_eq(result(0x5ac00820, x, 0), 0xefcdab89);	    /* rev w0, w1 */
	cr_expect_eq(result(0xdac00020, x, 0), 0xf7b3d591e6a2c480); /* rbit */
	cr_expect_eq(result(0x5ac00020, x, 0), 0xf7b3d591);
	cr_expect_eq(result(0xdac01020, 0, 0), 64); /* clz */
	cr_expect_eq(result(0x5ac01020, 0xffffffff00000000, 0), 32);
	cr_expect_eq(result(0xdac01020, 1, 0), 63);
	cr_expect_eq(result(0xdac01420, 0, 0), 63); /* cls */
	cr_expect_eq(result(0xdac01420, UINT64_MAX, 0), 63);
	cr_expect_eq(result(0x5ac01420, 0xffffffff00000000, 0), 31);
	cr_expect_eq(result(0xdac01420, 0x4000000000000000, 0), 0);
	cr_expect_eq(result(0x5ac01420, 0xc0000000, 0), 1);
}

Test(integer, multiplication)
{
	for (unsigned n = 0; n < 1000; n++) {
		uint64_t a = random64(), b = random64(), c = random64();
		uint64_t words = (uint64_t)(uint32_t)a * (uint32_t)b;
		uint64_t signed_words = (uint64_t)((int64_t)(int32_t)a * (int32_t)b);
		unsigned __int128 wide = (unsigned __int128)a * b;
		/* The signed high half from the unsigned one: subtract what the signs added. */
		uint64_t high = (uint64_t)(wide >> 64) - ((int64_t)a < 0 ? b : 0) -
				((int64_t)b < 0 ? a : 0);

		cpu->x[3] = c;
		cr_expect_eq(result(0x9b020c20, a, b), c + a * b); /* madd x0, x1, x2, x3 */
		cr_expect_eq(result(0x9b028c20, a, b), c - a * b);
		cr_expect_eq(result(0x1b020c20, a, b), (uint32_t)(c + words));
		cr_expect_eq(result(0x9b220c20, a, b), c + signed_words); /* smaddl */
		cr_expect_eq(result(0x9b228c20, a, b), c - signed_words);
		cr_expect_eq(result(0x9ba20c20, a, b), c + words); /* umaddl */
		cr_expect_eq(result(0x9ba28c20, a, b), c - words);
		cr_expect_eq(result(0x9bc27c20, a, b), (uint64_t)(wide >> 64)); /* umulh */
		cr_expect_eq(result(0x9b427c20, a, b), high);			/* smulh */
	}
}

Test(integer, extended_registers)
{
	uint64_t x = 0x80000000ffff8281;
	static const uint64_t extended[8] = {
		0x81,
		0x8281,
		0xffff8281,
		0x80000000ffff8281,
		0xffffffffffffff81,
		0xffffffffffff8281,
		0xffffffffffff8281,
		0x80000000ffff8281,
	};

	for (unsigned option = 0; option < 8; option++)
		for (unsigned shift = 0; shift < 5; shift++) {
			uint32_t form = option << 13 | shift << 10;

			cr_expect_eq(result(0x8b220020 | form, 7, x),
				     7 + (extended[option] << shift));
			cr_expect_eq(result(0x4b220020 | form, 7, x),
				     (uint32_t)(7 - (extended[option] << shift)));
		}
}

Test(integer, register_31_is_sp_or_zero)
{
	cpu->x[A64_SP] = 0x1000;
	execute(0x910043e0); /* add x0, sp, #16 */
	cr_expect_eq(cpu->x[0], 0x1010);
	execute(0xd10043ff); /* sub sp, sp, #16 */
	cr_expect_eq(cpu->x[A64_SP], 0xff0);
	cr_expect_eq(result(0xcb0203e0, 0, 5), (uint64_t)-5); /* neg x0, x2 */
	cpu->x[A64_DISCARD] = 77;
	cr_expect_eq(result(0xaa1f03e0, 0, 0), 0); /* mov x0, xzr */
	execute(0xab01003f);			   /* cmn x1, x1: discards the sum */
	cr_expect_eq(cpu->x[A64_SP], 0xff0);
}

Test(integer, addresses_relative_to_pc)
{
	execute(0x10000080); /* adr x0, . + 16 */
	cr_expect_eq(cpu->x[0], 0x40000010);
	execute(0xb0000000); /* adrp x0, . + 4096 */
	cr_expect_eq(cpu->x[0], 0x40001000);
	execute(0x10ffffe0); /* adr x0, . - 4 */
	cr_expect_eq(cpu->x[0], 0x3ffffffc);
}

Test(integer, moves_wide)
{
	cpu->x[0] = 0x1111222233334444;
	execute(0xf2d579a0); /* movk x0, #0xabcd, lsl #32 */
	cr_expect_eq(cpu->x[0], 0x1111abcd33334444);
	execute(0x72b579a0); /* movk w0, #0xabcd, lsl #16 */
	cr_expect_eq(cpu->x[0], 0xabcd4444);
	execute(0x12800000); /* mov w0, #-1 */
	cr_expect_eq(cpu->x[0], 0xffffffff);
	execute(0x92e00020); /* movn x0, #1, lsl #48 */
	cr_expect_eq(cpu->x[0], 0xfffeffffffffffff);
}
