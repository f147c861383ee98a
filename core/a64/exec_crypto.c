/*
 * The Cryptographic Extension (Arm ARM, C7.2): single rounds of AES (FIPS 197), SHA-1 and SHA-256
 * (FIPS 180-4), and the product of 64-bit polynomials that GCM's GHASH is made of.
 */
#include "core/a64/simd.h"

/* ---- AES: the state is a vector of 16 bytes, column after column (FIPS 197, 3.4) ---- */

/* SubBytes (5.1.1) and its inverse (5.3.2). */
static const uint8_t aes_sbox[256] = {
	0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30, 0x01, 0x67, 0x2b, 0xfe, 0xd7, 0xab,
	0x76, 0xca, 0x82, 0xc9, 0x7d, 0xfa, 0x59, 0x47, 0xf0, 0xad, 0xd4, 0xa2, 0xaf, 0x9c, 0xa4,
	0x72, 0xc0, 0xb7, 0xfd, 0x93, 0x26, 0x36, 0x3f, 0xf7, 0xcc, 0x34, 0xa5, 0xe5, 0xf1, 0x71,
	0xd8, 0x31, 0x15, 0x04, 0xc7, 0x23, 0xc3, 0x18, 0x96, 0x05, 0x9a, 0x07, 0x12, 0x80, 0xe2,
	0xeb, 0x27, 0xb2, 0x75, 0x09, 0x83, 0x2c, 0x1a, 0x1b, 0x6e, 0x5a, 0xa0, 0x52, 0x3b, 0xd6,
	0xb3, 0x29, 0xe3, 0x2f, 0x84, 0x53, 0xd1, 0x00, 0xed, 0x20, 0xfc, 0xb1, 0x5b, 0x6a, 0xcb,
	0xbe, 0x39, 0x4a, 0x4c, 0x58, 0xcf, 0xd0, 0xef, 0xaa, 0xfb, 0x43, 0x4d, 0x33, 0x85, 0x45,
	0xf9, 0x02, 0x7f, 0x50, 0x3c, 0x9f, 0xa8, 0x51, 0xa3, 0x40, 0x8f, 0x92, 0x9d, 0x38, 0xf5,
	0xbc, 0xb6, 0xda, 0x21, 0x10, 0xff, 0xf3, 0xd2, 0xcd, 0x0c, 0x13, 0xec, 0x5f, 0x97, 0x44,
	0x17, 0xc4, 0xa7, 0x7e, 0x3d, 0x64, 0x5d, 0x19, 0x73, 0x60, 0x81, 0x4f, 0xdc, 0x22, 0x2a,
	0x90, 0x88, 0x46, 0xee, 0xb8, 0x14, 0xde, 0x5e, 0x0b, 0xdb, 0xe0, 0x32, 0x3a, 0x0a, 0x49,
	0x06, 0x24, 0x5c, 0xc2, 0xd3, 0xac, 0x62, 0x91, 0x95, 0xe4, 0x79, 0xe7, 0xc8, 0x37, 0x6d,
	0x8d, 0xd5, 0x4e, 0xa9, 0x6c, 0x56, 0xf4, 0xea, 0x65, 0x7a, 0xae, 0x08, 0xba, 0x78, 0x25,
	0x2e, 0x1c, 0xa6, 0xb4, 0xc6, 0xe8, 0xdd, 0x74, 0x1f, 0x4b, 0xbd, 0x8b, 0x8a, 0x70, 0x3e,
	0xb5, 0x66, 0x48, 0x03, 0xf6, 0x0e, 0x61, 0x35, 0x57, 0xb9, 0x86, 0xc1, 0x1d, 0x9e, 0xe1,
	0xf8, 0x98, 0x11, 0x69, 0xd9, 0x8e, 0x94, 0x9b, 0x1e, 0x87, 0xe9, 0xce, 0x55, 0x28, 0xdf,
	0x8c, 0xa1, 0x89, 0x0d, 0xbf, 0xe6, 0x42, 0x68, 0x41, 0x99, 0x2d, 0x0f, 0xb0, 0x54, 0xbb,
	0x16,
};

static const uint8_t aes_inverse_sbox[256] = {
	0x52, 0x09, 0x6a, 0xd5, 0x30, 0x36, 0xa5, 0x38, 0xbf, 0x40, 0xa3, 0x9e, 0x81, 0xf3, 0xd7,
	0xfb, 0x7c, 0xe3, 0x39, 0x82, 0x9b, 0x2f, 0xff, 0x87, 0x34, 0x8e, 0x43, 0x44, 0xc4, 0xde,
	0xe9, 0xcb, 0x54, 0x7b, 0x94, 0x32, 0xa6, 0xc2, 0x23, 0x3d, 0xee, 0x4c, 0x95, 0x0b, 0x42,
	0xfa, 0xc3, 0x4e, 0x08, 0x2e, 0xa1, 0x66, 0x28, 0xd9, 0x24, 0xb2, 0x76, 0x5b, 0xa2, 0x49,
	0x6d, 0x8b, 0xd1, 0x25, 0x72, 0xf8, 0xf6, 0x64, 0x86, 0x68, 0x98, 0x16, 0xd4, 0xa4, 0x5c,
	0xcc, 0x5d, 0x65, 0xb6, 0x92, 0x6c, 0x70, 0x48, 0x50, 0xfd, 0xed, 0xb9, 0xda, 0x5e, 0x15,
	0x46, 0x57, 0xa7, 0x8d, 0x9d, 0x84, 0x90, 0xd8, 0xab, 0x00, 0x8c, 0xbc, 0xd3, 0x0a, 0xf7,
	0xe4, 0x58, 0x05, 0xb8, 0xb3, 0x45, 0x06, 0xd0, 0x2c, 0x1e, 0x8f, 0xca, 0x3f, 0x0f, 0x02,
	0xc1, 0xaf, 0xbd, 0x03, 0x01, 0x13, 0x8a, 0x6b, 0x3a, 0x91, 0x11, 0x41, 0x4f, 0x67, 0xdc,
	0xea, 0x97, 0xf2, 0xcf, 0xce, 0xf0, 0xb4, 0xe6, 0x73, 0x96, 0xac, 0x74, 0x22, 0xe7, 0xad,
	0x35, 0x85, 0xe2, 0xf9, 0x37, 0xe8, 0x1c, 0x75, 0xdf, 0x6e, 0x47, 0xf1, 0x1a, 0x71, 0x1d,
	0x29, 0xc5, 0x89, 0x6f, 0xb7, 0x62, 0x0e, 0xaa, 0x18, 0xbe, 0x1b, 0xfc, 0x56, 0x3e, 0x4b,
	0xc6, 0xd2, 0x79, 0x20, 0x9a, 0xdb, 0xc0, 0xfe, 0x78, 0xcd, 0x5a, 0xf4, 0x1f, 0xdd, 0xa8,
	0x33, 0x88, 0x07, 0xc7, 0x31, 0xb1, 0x12, 0x10, 0x59, 0x27, 0x80, 0xec, 0x5f, 0x60, 0x51,
	0x7f, 0xa9, 0x19, 0xb5, 0x4a, 0x0d, 0x2d, 0xe5, 0x7a, 0x9f, 0x93, 0xc9, 0x9c, 0xef, 0xa0,
	0xe0, 0x3b, 0x4d, 0xae, 0x2a, 0xf5, 0xb0, 0xc8, 0xeb, 0xbb, 0x3c, 0x83, 0x53, 0x99, 0x61,
	0x17, 0x2b, 0x04, 0x7e, 0xba, 0x77, 0xd6, 0x26, 0xe1, 0x69, 0x14, 0x63, 0x55, 0x21, 0x0c,
	0x7d,
};

/* The byte that ShiftRows (5.1.2) moves to n, and its inverse (5.3.1): row n % 4 rotates by as much. */
static inline unsigned aes_row_shifted(unsigned n)
{
	return (n + 4 * (n % 4)) % 16;
}

static inline unsigned aes_row_unshifted(unsigned n)
{
	return (n + 12 * (n % 4)) % 16;
}

/* AddRoundKey, ShiftRows and SubBytes. */
A64_FP(AESE)
{
	union a64_vreg state = {.q = V(rd).q ^ V(rn).q}, result;

	for (unsigned n = 0; n < 16; n++)
		result.b[n] = aes_sbox[state.b[aes_row_shifted(n)]];
	V(rd) = result;
}

A64_FP(AESD)
{
	union a64_vreg state = {.q = V(rd).q ^ V(rn).q}, result;

	for (unsigned n = 0; n < 16; n++)
		result.b[n] = aes_inverse_sbox[state.b[aes_row_unshifted(n)]];
	V(rd) = result;
}

/* Each of four bytes times x, modulo x^8 + x^4 + x^3 + x + 1 (4.2.1). */
static inline uint32_t aes_times_x(uint32_t bytes)
{
	return (bytes & 0x7f7f7f7f) << 1 ^ (bytes >> 7 & 0x01010101) * 0x1b;
}

static inline uint32_t rotate_right(uint32_t word, unsigned bits)
{
	return word >> bits | word << (32 - bits);
}

/* MixColumns (5.1.3) of one column: row n gets 2 * own + 3 * next + the other two. */
static inline uint32_t aes_mix(uint32_t column)
{
	uint32_t next = rotate_right(column, 8);

	return aes_times_x(column ^ next) ^ next ^ rotate_right(column ^ next, 16);
}

/*
 * InvMixColumns (5.3.3): its matrix, of 14, 11, 13 and 9, is that of MixColumns times one of 5, 0,
 * 4, 0.
 */
static inline uint32_t aes_unmix(uint32_t column)
{
	uint32_t opposite = column ^ rotate_right(column, 16);

	return aes_mix(column ^ aes_times_x(aes_times_x(opposite)));
}

A64_FP(AESMC)
{
	for (unsigned n = 0; n < 4; n++)
		V(rd).s[n] = aes_mix(V(rn).s[n]);
}

A64_FP(AESIMC)
{
	for (unsigned n = 0; n < 4; n++)
		V(rd).s[n] = aes_unmix(V(rn).s[n]);
}

/* ---- Polynomials over {0, 1}: PMULL and PMULL2 to 128 bits, by the doubleword that ra says ---- */

A64_FP(PMULL_64)
{
	uint64_t m = V(rm).d[i->ra];
	unsigned __int128 n = V(rn).d[i->ra], multiples[16], product = 0;

	/* Of n, by every polynomial of four bits; then m four bits at a time. */
	multiples[0] = 0;
	for (unsigned k = 1; k < 16; k++)
		multiples[k] = multiples[k >> 1] << 1 ^ (k & 1 ? n : 0);
	for (int bit = 60; bit >= 0; bit -= 4)
		product = product << 4 ^ multiples[m >> bit & 15];
	V(rd).q = product;
}

/* ---- SHA-1: rd holds a, b, c, d; rn e; rm four words of schedule plus constant ---- */

static inline uint32_t choose(uint32_t x, uint32_t y, uint32_t z)
{
	return (x & y) ^ (~x & z);
}

static inline uint32_t parity(uint32_t x, uint32_t y, uint32_t z)
{
	return x ^ y ^ z;
}

static inline uint32_t majority(uint32_t x, uint32_t y, uint32_t z)
{
	return (x & y) ^ (x & z) ^ (y & z);
}

/* Four rounds (FIPS 180-4, 6.1.2, step 3). */
#define SHA1_ROUNDS(name, f)                                                             \
	A64_FP(name)                                                                     \
	{                                                                                \
		const union a64_vreg schedule = V(rm);                                   \
		uint32_t a = V(rd).s[0], b = V(rd).s[1], c = V(rd).s[2], d = V(rd).s[3]; \
		uint32_t e = V(rn).s[0], t;                                              \
                                                                                         \
		for (unsigned n = 0; n < 4; n++) {                                       \
			t = rotate_right(a, 27) + f(b, c, d) + e + schedule.s[n];        \
			e = d;                                                           \
			d = c;                                                           \
			c = rotate_right(b, 2);                                          \
			b = a;                                                           \
			a = t;                                                           \
		}                                                                        \
		V(rd) = (union a64_vreg){.s = {a, b, c, d}};                             \
	}

SHA1_ROUNDS(SHA1C, choose)
SHA1_ROUNDS(SHA1P, parity)
SHA1_ROUNDS(SHA1M, majority)

/* The e of four rounds later. */
A64_FP(SHA1H)
{
	V(rd) = (union a64_vreg){.s = {rotate_right(V(rn).s[0], 2)}};
}

/*
 * The schedule, W(t) = ROTL1(W(t-3) ^ W(t-8) ^ W(t-14) ^ W(t-16)), four at a time: rd is W(t-16)
 * on, rn W(t-12) on, rm W(t-8) on.
 */
A64_FP(SHA1SU0)
{
	V(rd) = (union a64_vreg){
		.d = {V(rd).d[0] ^ V(rd).d[1] ^ V(rm).d[0], V(rd).d[1] ^ V(rn).d[0] ^ V(rm).d[1]}};
}

/* rn is W(t-4) on: its last three are W(t-3) of the first three; the fourth's is the first of the
 * new ones. */
A64_FP(SHA1SU1)
{
	uint32_t w0 = rotate_right(V(rd).s[0] ^ V(rn).s[1], 31);
	uint32_t w1 = rotate_right(V(rd).s[1] ^ V(rn).s[2], 31);
	uint32_t w2 = rotate_right(V(rd).s[2] ^ V(rn).s[3], 31);
	uint32_t w3 = rotate_right(V(rd).s[3] ^ w0, 31);

	V(rd) = (union a64_vreg){.s = {w0, w1, w2, w3}};
}

/* ---- SHA-256 ---- */

/* Four rounds (FIPS 180-4, 6.2.2, step 3) of a, b, c, d in *x and e, f, g, h in *y. */
static inline void sha256_rounds(union a64_vreg *x, union a64_vreg *y, union a64_vreg schedule)
{
	uint32_t a = x->s[0], b = x->s[1], c = x->s[2], d = x->s[3];
	uint32_t e = y->s[0], f = y->s[1], g = y->s[2], h = y->s[3], t1, t2;

	for (unsigned n = 0; n < 4; n++) {
		t1 = h + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) +
		     choose(e, f, g) + schedule.s[n];
		t2 = (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) +
		     majority(a, b, c);
		h = g;
		g = f;
		f = e;
		e = d + t1;
		d = c;
		c = b;
		b = a;
		a = t1 + t2;
	}
	*x = (union a64_vreg){.s = {a, b, c, d}};
	*y = (union a64_vreg){.s = {e, f, g, h}};
}

/* rd is a, b, c, d. */
A64_FP(SHA256H)
{
	union a64_vreg x = V(rd), y = V(rn);

	sha256_rounds(&x, &y, V(rm));
	V(rd) = x;
}

/* rd is e, f, g, h. */
A64_FP(SHA256H2)
{
	union a64_vreg x = V(rn), y = V(rd);

	sha256_rounds(&x, &y, V(rm));
	V(rd) = y;
}

/* The schedule, W(t) = s1(W(t-2)) + W(t-7) + s0(W(t-15)) + W(t-16), four at a time. */
static inline uint32_t sha256_s0(uint32_t w)
{
	return rotate_right(w, 7) ^ rotate_right(w, 18) ^ w >> 3;
}

static inline uint32_t sha256_s1(uint32_t w)
{
	return rotate_right(w, 17) ^ rotate_right(w, 19) ^ w >> 10;
}

/* rd is W(t-16) on, rn W(t-12) on. */
A64_FP(SHA256SU0)
{
	const union a64_vreg w = V(rd);

	V(rd) = (union a64_vreg){.s = {w.s[0] + sha256_s0(w.s[1]), w.s[1] + sha256_s0(w.s[2]),
				       w.s[2] + sha256_s0(w.s[3]), w.s[3] + sha256_s0(V(rn).s[0])}};
}

/* rd is the result of SHA256SU0, rn W(t-8) on, rm W(t-4) on. */
A64_FP(SHA256SU1)
{
	const union a64_vreg d = V(rd), n = V(rn), m = V(rm);
	uint32_t w0 = d.s[0] + n.s[1] + sha256_s1(m.s[2]);
	uint32_t w1 = d.s[1] + n.s[2] + sha256_s1(m.s[3]);
	uint32_t w2 = d.s[2] + n.s[3] + sha256_s1(w0);
	uint32_t w3 = d.s[3] + m.s[0] + sha256_s1(w1);

	V(rd) = (union a64_vreg){.s = {w0, w1, w2, w3}};
}
