/*
 * The cryptographic instructions, put together to what they are made for, against the vectors of the
 * standards: AES (FIPS 197, appendix C), SHA-1 and SHA-256 (FIPS 180-4, the examples that NIST
 * publishes beside it), GHASH (the GCM specification of McGrew and Viega, test case 2).
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "core/a64/decode.h"

/* The words of instructions of Vd, Vn and Vm. */
#define AESE	  0x4e284800
#define AESD	  0x4e285800
#define AESMC	  0x4e286800
#define AESIMC	  0x4e287800
#define PMULL	  0x0ee0e000
#define PMULL2	  0x4ee0e000
#define SHA1C	  0x5e000000
#define SHA1P	  0x5e001000
#define SHA1M	  0x5e002000
#define SHA1SU0	  0x5e003000
#define SHA256H	  0x5e004000
#define SHA256H2  0x5e005000
#define SHA256SU1 0x5e006000
#define SHA1H	  0x5e280800
#define SHA1SU1	  0x5e281800
#define SHA256SU0 0x5e282800

static const struct a64_insn *stop(struct a64_cpu *cpu, const struct a64_insn *i)
{
	(void)cpu;
	(void)i;
	return NULL;
}

static struct a64_cpu *cpu_new(void)
{
	struct a64_cpu *cpu = calloc(1, sizeof(*cpu));

	cr_assert(cpu != NULL);
	cpu->features = A64_FEATURES;
	return cpu;
}

static void execute(struct a64_cpu *cpu, uint32_t word, unsigned d, unsigned n, unsigned m)
{
	struct a64_insn code[2];

	word |= m << 16 | n << 5 | d;
	cr_assert(a64_decode(word, cpu->features, code) != A64_OP_UNDEFINED, "%#x", word);
	code[1] = (struct a64_insn){.exec = stop};
	code[0].exec(cpu, code);
}

/* ---- AES ---- */

#define AES_ROUNDS_MAX 14

struct aes_key {
	uint8_t round[AES_ROUNDS_MAX + 1][16];
	unsigned rounds;
};

/* SubWord: with the same word in each column, AESE's ShiftRows changes nothing. */
static void aes_sub_word(struct a64_cpu *cpu, uint8_t word[4])
{
	for (unsigned n = 0; n < 4; n++)
		memcpy(&cpu->v[0].s[n], word, 4);
	cpu->v[1].q = 0;
	execute(cpu, AESE, 0, 1, 0);
	memcpy(word, &cpu->v[0].s[0], 4);
}

/* KeyExpansion (FIPS 197, 5.2) of a key of `words` words. */
static void aes_expand(struct a64_cpu *cpu, struct aes_key *expanded, const uint8_t *key,
		       unsigned words)
{
	uint8_t *w = expanded->round[0], constant = 1, t[4], first;

	expanded->rounds = words + 6;
	memcpy(w, key, words * 4);
	for (unsigned n = words; n < 4 * (expanded->rounds + 1); n++) {
		memcpy(t, w + 4 * (n - 1), 4);
		if (n % words == 0) {
			first = t[0];
			memmove(t, t + 1, 3);
			t[3] = first;
			aes_sub_word(cpu, t);
			t[0] ^= constant;
			constant = (uint8_t)(constant << 1 ^ (constant >> 7) * 0x1b);
		} else if (words > 6 && n % words == 4) {
			aes_sub_word(cpu, t);
		}
		for (unsigned b = 0; b < 4; b++)
			w[4 * n + b] = w[4 * (n - words) + b] ^ t[b];
	}
}

static void aes_encrypt(struct a64_cpu *cpu, const struct aes_key *key, uint8_t block[16])
{
	memcpy(&cpu->v[0], block, 16);
	for (unsigned n = 0; n < key->rounds; n++) {
		memcpy(&cpu->v[1], key->round[n], 16);
		execute(cpu, AESE, 0, 1, 0);
		if (n + 1 < key->rounds)
			execute(cpu, AESMC, 0, 0, 0);
	}
	for (unsigned b = 0; b < 16; b++)
		block[b] = cpu->v[0].b[b] ^ key->round[key->rounds][b];
}

/* The equivalent inverse cipher (5.3.5), with its round keys made by AESIMC. */
static void aes_decrypt(struct a64_cpu *cpu, const struct aes_key *key, uint8_t block[16])
{
	memcpy(&cpu->v[0], block, 16);
	for (unsigned n = key->rounds; n > 0; n--) {
		memcpy(&cpu->v[1], key->round[n], 16);
		if (n < key->rounds) {
			execute(cpu, AESIMC, 0, 0, 0);
			execute(cpu, AESIMC, 1, 1, 0);
		}
		execute(cpu, AESD, 0, 1, 0);
	}
	for (unsigned b = 0; b < 16; b++)
		block[b] = cpu->v[0].b[b] ^ key->round[0][b];
}

Test(crypto, aes)
{
	static const struct {
		unsigned words;
		uint8_t cipher[16];
	} vectors[] = {
		{4,
		 {0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30, 0xd8, 0xcd, 0xb7, 0x80, 0x70,
		  0xb4, 0xc5, 0x5a}},
		{6,
		 {0xdd, 0xa9, 0x7c, 0xa4, 0x86, 0x4c, 0xdf, 0xe0, 0x6e, 0xaf, 0x70, 0xa0, 0xec,
		  0x0d, 0x71, 0x91}},
		{8,
		 {0x8e, 0xa2, 0xb7, 0xca, 0x51, 0x67, 0x45, 0xbf, 0xea, 0xfc, 0x49, 0x90, 0x4b,
		  0x49, 0x60, 0x89}},
	};
	struct a64_cpu *cpu = cpu_new();
	uint8_t plain[16], block[16], key_bytes[32];
	struct aes_key key;

	for (unsigned n = 0; n < 32; n++)
		key_bytes[n] = (uint8_t)n;
	for (unsigned n = 0; n < 16; n++)
		plain[n] = (uint8_t)(n * 0x11);
	for (size_t n = 0; n < sizeof(vectors) / sizeof(vectors[0]); n++) {
		aes_expand(cpu, &key, key_bytes, vectors[n].words);
		memcpy(block, plain, 16);
		aes_encrypt(cpu, &key, block);
		cr_expect(memcmp(block, vectors[n].cipher, 16) == 0, "AES-%u",
			  vectors[n].words * 32);
		aes_decrypt(cpu, &key, block);
		cr_expect(memcmp(block, plain, 16) == 0, "AES-%u back", vectors[n].words * 32);
	}
	free(cpu);
}

/* ---- SHA ---- */

/* The message of the 448-bit example, padded to two blocks, and "abc", padded to one. */
static const char long_message[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

static unsigned sha_pad(uint8_t padded[128], const char *message)
{
	size_t length = strlen(message), blocks = length < 56 ? 1 : 2;

	memset(padded, 0, 128);
	memcpy(padded, message, length);
	padded[length] = 0x80;
	padded[64 * blocks - 2] = (uint8_t)(length * 8 >> 8);
	padded[64 * blocks - 1] = (uint8_t)(length * 8);
	return (unsigned)blocks;
}

static void sha_load(struct a64_cpu *cpu, unsigned v, const uint8_t *bytes)
{
	for (unsigned n = 0; n < 4; n++)
		cpu->v[v].s[n] = (uint32_t)bytes[4 * n] << 24 | (uint32_t)bytes[4 * n + 1] << 16 |
				 (uint32_t)bytes[4 * n + 2] << 8 | bytes[4 * n + 3];
}

/* v0 is a to d, v1 e, v4 to v7 the schedule. */
static void sha1_block(struct a64_cpu *cpu, const uint8_t *block)
{
	static const uint32_t constants[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
	static const uint32_t rounds[] = {SHA1C, SHA1P, SHA1M, SHA1P};
	union a64_vreg abcd = cpu->v[0], e = cpu->v[1];

	for (unsigned n = 0; n < 4; n++)
		sha_load(cpu, 4 + n, block + 16 * n);
	for (unsigned n = 0; n < 20; n++) {
		unsigned w = 4 + n % 4, w1 = 4 + (n + 1) % 4, w2 = 4 + (n + 2) % 4;
		unsigned w3 = 4 + (n + 3) % 4;

		for (unsigned k = 0; k < 4; k++)
			cpu->v[2].s[k] = cpu->v[w].s[k] + constants[n / 5];
		execute(cpu, SHA1H, 3, 0, 0);
		execute(cpu, rounds[n / 5], 0, 1, 2);
		cpu->v[1] = cpu->v[3];
		execute(cpu, SHA1SU0, w, w1, w2);
		execute(cpu, SHA1SU1, w, w3, 0);
	}
	for (unsigned k = 0; k < 4; k++)
		cpu->v[0].s[k] += abcd.s[k];
	cpu->v[1].s[0] += e.s[0];
}

Test(crypto, sha1)
{
	static const struct {
		const char *message;
		uint32_t digest[5];
	} vectors[] = {
		{"abc", {0xa9993e36, 0x4706816a, 0xba3e2571, 0x7850c26c, 0x9cd0d89d}},
		{long_message, {0x84983e44, 0x1c3bd26e, 0xbaae4aa1, 0xf95129e5, 0xe54670f1}},
	};
	struct a64_cpu *cpu = cpu_new();
	uint8_t padded[128];

	for (size_t n = 0; n < sizeof(vectors) / sizeof(vectors[0]); n++) {
		unsigned blocks = sha_pad(padded, vectors[n].message);

		cpu->v[0] = (union a64_vreg){.s = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}};
		cpu->v[1] = (union a64_vreg){.s = {0xc3d2e1f0}};
		for (unsigned block = 0; block < blocks; block++)
			sha1_block(cpu, padded + 64 * block);
		cr_expect(memcmp(&cpu->v[0], vectors[n].digest, 16) == 0, "%s", vectors[n].message);
		cr_expect(cpu->v[1].s[0] == vectors[n].digest[4], "%s", vectors[n].message);
	}
	free(cpu);
}

static const uint32_t sha256_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2};

/* v0 is a to d, v1 e to h, v4 to v7 the schedule. */
static void sha256_block(struct a64_cpu *cpu, const uint8_t *block)
{
	union a64_vreg abcd = cpu->v[0], efgh = cpu->v[1];

	for (unsigned n = 0; n < 4; n++)
		sha_load(cpu, 4 + n, block + 16 * n);
	for (unsigned n = 0; n < 16; n++) {
		unsigned w = 4 + n % 4, w1 = 4 + (n + 1) % 4, w2 = 4 + (n + 2) % 4;
		unsigned w3 = 4 + (n + 3) % 4;

		for (unsigned k = 0; k < 4; k++)
			cpu->v[2].s[k] = cpu->v[w].s[k] + sha256_constants[4 * n + k];
		cpu->v[3] = cpu->v[0];
		execute(cpu, SHA256H, 0, 1, 2);
		execute(cpu, SHA256H2, 1, 3, 2);
		execute(cpu, SHA256SU0, w, w1, 0);
		execute(cpu, SHA256SU1, w, w2, w3);
	}
	for (unsigned k = 0; k < 4; k++) {
		cpu->v[0].s[k] += abcd.s[k];
		cpu->v[1].s[k] += efgh.s[k];
	}
}

Test(crypto, sha256)
{
	static const struct {
		const char *message;
		uint32_t digest[8];
	} vectors[] = {
		{"abc",
		 {0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c,
		  0xb410ff61, 0xf20015ad}},
		{long_message,
		 {0x248d6a61, 0xd20638b8, 0xe5c02693, 0x0c3e6039, 0xa33ce459, 0x64ff2167,
		  0xf6ecedd4, 0x19db06c1}},
	};
	struct a64_cpu *cpu = cpu_new();
	uint8_t padded[128];

	for (size_t n = 0; n < sizeof(vectors) / sizeof(vectors[0]); n++) {
		unsigned blocks = sha_pad(padded, vectors[n].message);

		cpu->v[0] = (union a64_vreg){.s = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a}};
		cpu->v[1] = (union a64_vreg){.s = {0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
		for (unsigned block = 0; block < blocks; block++)
			sha256_block(cpu, padded + 64 * block);
		cr_expect(memcmp(&cpu->v[0], vectors[n].digest, 16) == 0, "%s", vectors[n].message);
		cr_expect(memcmp(&cpu->v[1], vectors[n].digest + 4, 16) == 0, "%s",
			  vectors[n].message);
	}
	free(cpu);
}

/* ---- GHASH: polynomials whose coefficient of x^0 is the first bit of the first byte ---- */

static unsigned __int128 ghash_polynomial(const uint8_t bytes[16])
{
	unsigned __int128 p = 0;

	for (unsigned n = 0; n < 128; n++)
		p |= (unsigned __int128)(bytes[n / 8] >> (7 - n % 8) & 1) << n;
	return p;
}

/* a * b modulo x^128 + x^7 + x^2 + x + 1: four products, then the excess is folded in twice. */
static unsigned __int128 ghash_multiply(struct a64_cpu *cpu, unsigned __int128 a,
					unsigned __int128 b)
{
	unsigned __int128 low, high, middle;

	cpu->v[0].q = a;
	cpu->v[1].q = b;
	cpu->v[2].q = b << 64 | b >> 64;
	execute(cpu, PMULL, 3, 0, 1);
	execute(cpu, PMULL2, 4, 0, 1);
	execute(cpu, PMULL, 5, 0, 2);
	execute(cpu, PMULL2, 6, 0, 2);
	middle = cpu->v[5].q ^ cpu->v[6].q;
	low = cpu->v[3].q ^ middle << 64;
	high = cpu->v[4].q ^ middle >> 64;
	low ^= high ^ high << 1 ^ high << 2 ^ high << 7;
	high = high >> 127 ^ high >> 126 ^ high >> 121;
	return low ^ high ^ high << 1 ^ high << 2 ^ high << 7;
}

Test(crypto, ghash)
{
	static const uint8_t key[16] = {0x66, 0xe9, 0x4b, 0xd4, 0xef, 0x8a, 0x2c, 0x3b,
					0x88, 0x4c, 0xfa, 0x59, 0xca, 0x34, 0x2b, 0x2e};
	static const uint8_t cipher[16] = {0x03, 0x88, 0xda, 0xce, 0x60, 0xb6, 0xa3, 0x92,
					   0xf3, 0x28, 0xc2, 0xb9, 0x71, 0xb2, 0xfe, 0x78};
	static const uint8_t lengths[16] = {[15] = 0x80};
	static const uint8_t expected[16] = {0xf3, 0x8c, 0xbb, 0x1a, 0xd6, 0x92, 0x23, 0xdc,
					     0xc3, 0x45, 0x7a, 0xe5, 0xb6, 0xb0, 0xf8, 0x85};
	struct a64_cpu *cpu = cpu_new();
	unsigned __int128 h = ghash_polynomial(key), y;

	y = ghash_multiply(cpu, ghash_polynomial(cipher), h);
	y = ghash_multiply(cpu, y ^ ghash_polynomial(lengths), h);
	cr_expect(y == ghash_polynomial(expected));
	free(cpu);
}

/* Without its feature an instruction is UNDEFINED. */
Test(crypto, features)
{
	static const struct {
		uint32_t word;
		enum a64_feature feature;
	} rows[] = {
		{AESE, A64_FEATURE_AES},       {AESIMC, A64_FEATURE_AES},
		{PMULL, A64_FEATURE_PMULL},    {PMULL2, A64_FEATURE_PMULL},
		{SHA1C, A64_FEATURE_SHA1},     {SHA1H, A64_FEATURE_SHA1},
		{SHA256H, A64_FEATURE_SHA256}, {SHA256SU0, A64_FEATURE_SHA256},
	};
	struct a64_insn decoded;

	for (size_t n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
		cr_expect(a64_decode(rows[n].word, A64_FEATURES, &decoded) != A64_OP_UNDEFINED);
		cr_expect(a64_decode(rows[n].word, A64_FEATURES & ~(1ULL << rows[n].feature),
				     &decoded) == A64_OP_UNDEFINED);
	}
}
