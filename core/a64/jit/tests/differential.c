#include "core/a64/jit/tests/differential.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "core/a64/access.h"
#include "core/a64/code.h"
#include "core/a64/sysregs.h"
#include "core/vm.h"

#define CACHE_SIZE (1u << 20)

/* What is compared. */
struct state {
	uint64_t x[A64_SP + 1];
	union a64_vreg v[32];
	uint32_t fpcr, fpsr;
	unsigned nzcv;
	uint64_t instructions;
	uint8_t memory[DIFFERENTIAL_MEMORY];
};

struct differential {
	struct a64_cpu *cpu;
	struct vm *vm;
	struct a64_code_page page;
	uint8_t *memory;
	uint64_t seed;
	struct state before, interpreted, translated;
};

/* xorshift64* (Vigna, 2016). */
uint64_t differential_random(struct differential *d)
{
	d->seed ^= d->seed >> 12;
	d->seed ^= d->seed << 25;
	d->seed ^= d->seed >> 27;
	return d->seed * 0x2545f4914f6cdd1d;
}

struct a64_cpu *differential_cpu(struct differential *d)
{
	return d->cpu;
}

static void map_memory(struct differential *d)
{
	struct a64_tlb *tlb = &d->cpu->tlb;
	unsigned n;

	for (n = 0; n < A64_TLB_SIZE; n++)
		tlb->level1[n].read = tlb->level1[n].write = A64_TLB_NONE;
	for (n = 0; n < DIFFERENTIAL_MEMORY; n += 4096) {
		struct a64_tlb_entry *entry = a64_tlb_at(d->cpu, DIFFERENTIAL_VA + n);

		entry->read = entry->write = (DIFFERENTIAL_VA + n) | tlb->context[0];
		entry->host = (uint64_t)(uintptr_t)d->memory - DIFFERENTIAL_VA;
	}
}

static void limit_host(struct jit_host *host, const struct jit_host *limit)
{
	host->bmi2 &= limit->bmi2;
	host->lzcnt &= limit->lzcnt;
	host->fma &= limit->fma;
	host->avx &= limit->avx;
	host->aes &= limit->aes;
	host->pclmul &= limit->pclmul;
	host->sha &= limit->sha;
}

struct differential *differential_new(const struct jit_host *host)
{
	size_t size = (sizeof(struct differential) + 63) & ~(size_t)63;
	struct differential *d = aligned_alloc(64, size);
	struct error err;

	cr_assert(d != NULL);
	memset(d, 0, sizeof(*d));
	d->seed = 1;
	size = (sizeof(*d->cpu) + 63) & ~(size_t)63;
	d->cpu = aligned_alloc(64, size);
	d->vm = calloc(1, sizeof(*d->vm));
	d->memory = aligned_alloc(4096, DIFFERENTIAL_MEMORY);
	cr_assert(d->cpu != NULL && d->vm != NULL && d->memory != NULL);
	memset(d->cpu, 0, size);
	memset(d->memory, 0, DIFFERENTIAL_MEMORY);
	d->cpu->shared = calloc(1, sizeof(*d->cpu->shared));
	cr_assert(d->cpu->shared != NULL);
	d->vm->cpus = 1;
	d->vm->vcpus[0].vm = d->vm;
	d->vm->vcpus[0].engine_state = d->cpu;
	d->cpu->vcpu = &d->vm->vcpus[0];
	cr_assert(a64_sysregs_add(&d->vm->sysregs, &err) == 0);
	d->cpu->features = A64_FEATURES;
	d->cpu->limit = UINT64_MAX;
	d->cpu->tlb.context[0] = 1;
	map_memory(d);
	cr_assert(jit_cache_init(d->cpu, CACHE_SIZE, &err) == 0);
	if (host)
		limit_host(&d->cpu->jit->host, host);
	return d;
}

void differential_free(struct differential *d)
{
	jit_cache_destroy(d->cpu);
	sysreg_destroy(&d->vm->sysregs);
	free(d->cpu->shared);
	free(d->cpu);
	free(d->vm);
	free(d->memory);
	free(d);
}

/* ---- Words ---- */

/* Registers below the limit, in the fields where most instructions have them. */
static uint32_t limit_registers(struct differential *d, uint32_t word, uint32_t fixed,
				unsigned registers)
{
	static const unsigned fields[] = {0, 5, 16};

	for (unsigned n = 0; n < sizeof(fields) / sizeof(fields[0]); n++) {
		uint32_t field = 31u << fields[n];

		if (fixed & field)
			continue;
		word &= ~field;
		word |= (uint32_t)(differential_random(d) % registers) << fields[n];
	}
	return word;
}

uint32_t differential_word(struct differential *d, enum a64_op op, unsigned registers)
{
	const struct a64_op_info *info = &a64_ops[op];
	struct a64_insn insn;

	for (unsigned attempt = 0; attempt < 4096; attempt++) {
		uint32_t word = ((uint32_t)differential_random(d) & ~info->mask) | info->value;

		if (registers)
			word = limit_registers(d, word, info->mask, registers);
		if (a64_decode(word, d->cpu->features, &insn) == op)
			return word;
	}
	return 0;
}

bool differential_inlined(const struct differential *d, uint32_t word)
{
	struct a64_insn insn;
	unsigned op = a64_decode(word, d->cpu->features, &insn);

	return jit_op_info(d->cpu->jit, op, &insn)->emit != NULL;
}

/* ---- State ---- */

/* Elements of any size; infinities, NaNs, least and greatest numbers, denormals, halves. */
static uint64_t special(struct differential *d)
{
	static const uint64_t doubles[] = {
		0x0000000000000000, 0x8000000000000000, 0x7ff0000000000000, 0xfff0000000000000,
		0x7ff8000000000000, 0x7ff0000000000001, 0xfff8000000000001, 0x0010000000000000,
		0x0000000000000001, 0x800fffffffffffff, 0x3ff0000000000000, 0xbfe0000000000000,
		0x4004000000000000, 0x7fefffffffffffff, 0x43e0000000000000, 0xc1e0000000000000,
		0x41dfffffffe00000, 0x3fdfffffffffffff, 0x4330000000000001, 0x43f0000000000000,
	};
	static const uint32_t singles[] = {
		0x00000000, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0xffc00001,
		0x00800000, 0x00000001, 0x807fffff, 0x3f800000, 0xbf000000, 0x40200000, 0x7f7fffff,
		0x5f000000, 0xcf000000, 0x4effffff, 0x3effffff, 0x4b000001, 0x4f800000,
	};
	static const uint16_t words[] = {0, 1, 0x7fff, 0x8000, 0xffff, 0x00ff, 0x0080, 0x7f80};
	uint64_t random = differential_random(d);
	uint64_t other = random >> 8;

	switch (random & 7) {
	case 0:
	case 1: return doubles[other % (sizeof(doubles) / sizeof(doubles[0]))];
	case 2:
	case 3:
		return singles[other % (sizeof(singles) / sizeof(singles[0]))] |
		       (uint64_t)singles[(other >> 16) % (sizeof(singles) / sizeof(singles[0]))]
			       << 32;
	case 4:
		return words[other & 7] | (uint64_t)words[other >> 3 & 7] << 16 |
		       (uint64_t)words[other >> 6 & 7] << 32 |
		       (uint64_t)words[other >> 9 & 7] << 48;
	case 5: return other & 1 ? UINT64_MAX : 0;
	default: return differential_random(d);
	}
}

/* Near 1, so that results are numbers too. */
static uint64_t moderate(struct differential *d)
{
	uint64_t random = differential_random(d);

	if (random & 1)
		return (random & 0x803fffffffffffff) | 0x3fc0000000000000;
	return (random & 0x81ffffff81ffffff) | 0x3e0000003e000000;
}

void differential_randomise(struct differential *d)
{
	struct a64_cpu *cpu = d->cpu;
	bool calm = differential_random(d) & 1;
	unsigned n;

	for (n = 0; n <= A64_SP; n++)
		cpu->x[n] = special(d);
	cpu->x[A64_SP] &= ~15ULL;
	for (n = 0; n < 32; n++) {
		cpu->v[n].d[0] = calm ? moderate(d) : special(d);
		cpu->v[n].d[1] = calm ? moderate(d) : special(d);
	}
	a64_set_nzcv(cpu, differential_random(d) & 15);
	cpu->fpcr = 0;
	cpu->fpsr = differential_random(d) & 1 ? FPSR_IXC : 0;
	for (n = 0; n < 64; n++) {
		uint64_t value = special(d);

		memcpy(d->memory + differential_random(d) % (DIFFERENTIAL_MEMORY - 8), &value, 8);
	}
}

bool differential_aim(struct differential *d, enum a64_op op, const struct a64_insn *i)
{
	uint64_t page = DIFFERENTIAL_VA + DIFFERENTIAL_MEMORY / 2;
	uint64_t base = page + 1024 + differential_random(d) % 1024;
	bool has_index = jit_memory_ops[op].flags & JIT_USE_M;

	/* At most 16 times as far: nothing crosses into the next page. */
	if (has_index && i->rm == i->rn)
		return false;
	if (has_index && i->rm <= A64_SP)
		d->cpu->x[i->rm] = differential_random(d) % 64;
	/* An offset; what a base is advanced by afterwards is less. */
	if (i->imm > 1024)
		base -= i->uimm;
	if (i->rn <= A64_SP)
		d->cpu->x[i->rn] = i->rn == A64_SP ? base & ~15ULL : base;
	return true;
}

static void state_save(const struct differential *d, struct state *state)
{
	const struct a64_cpu *cpu = d->cpu;

	memcpy(state->x, cpu->x, sizeof(state->x));
	memcpy(state->v, cpu->v, sizeof(state->v));
	memcpy(state->memory, d->memory, sizeof(state->memory));
	state->fpcr = cpu->fpcr;
	state->fpsr = cpu->fpsr;
	state->nzcv = a64_nzcv(cpu);
	state->instructions = cpu->instructions;
}

static void state_restore(struct differential *d, const struct state *state)
{
	struct a64_cpu *cpu = d->cpu;

	memcpy(cpu->x, state->x, sizeof(state->x));
	memcpy(cpu->v, state->v, sizeof(state->v));
	memcpy(d->memory, state->memory, sizeof(state->memory));
	cpu->fpcr = state->fpcr;
	cpu->fpsr = state->fpsr;
	a64_set_nzcv(cpu, state->nzcv);
	cpu->instructions = state->instructions;
	cpu->lazy.kind = 0;
}

/* ---- Execution ---- */

static const struct a64_insn *stop(struct a64_cpu *cpu, const struct a64_insn *i)
{
	cpu->instructions += (uint64_t)(i - cpu->run_start);
	return i;
}

static void page_fill(struct differential *d, const uint32_t *words, unsigned count)
{
	struct a64_insn *insns = d->page.insns;

	memset(insns, 0, sizeof(d->page.insns));
	for (unsigned n = 0; n < count; n++) {
		enum a64_op op = a64_decode(words[n], d->cpu->features, &insns[n]);

		cr_assert(op != A64_OP_UNDEFINED, "%#x", words[n]);
		insns[n].word = words[n];
		if (a64_ops[op].flags & A64_OP_SYSREG)
			insns[n].sysreg = sysreg_find(&d->vm->sysregs, (uint16_t)insns[n].uimm);
		if (a64_ops[op].flags & A64_OP_DIRECT)
			insns[n].target = &insns[n + (unsigned)(insns[n].imm / 4)];
	}
	for (unsigned n = 0; n < A64_CODE_INSNS; n++)
		d->page.bodies[n] = d->cpu->code_untranslated;
	d->cpu->code_insns = insns;
	d->cpu->code_va = 0x400000;
}

/* As the run loop does: translated code may leave the rest to the interpreter. */
static void execute(struct differential *d, struct state *after, unsigned count)
{
	const struct a64_insn *first = d->page.insns, *i = first;

	do {
		d->cpu->run_start = i;
		i = i->exec(d->cpu, i);
		cr_assert(i >= first && i <= first + count);
	} while (i != first + count);
	state_save(d, after);
}

/* The first difference, in words. */
static const char *difference(const struct state *a, const struct state *b)
{
	static char text[160];

	for (unsigned n = 0; n <= A64_SP; n++) {
		if (a->x[n] != b->x[n]) {
			snprintf(text, sizeof(text), "x%u %#lx, not %#lx", n,
				 (unsigned long)b->x[n], (unsigned long)a->x[n]);
			return text;
		}
	}
	for (unsigned n = 0; n < 32; n++) {
		if (a->v[n].q != b->v[n].q) {
			snprintf(text, sizeof(text), "v%u %016lx:%016lx, not %016lx:%016lx", n,
				 (unsigned long)b->v[n].d[1], (unsigned long)b->v[n].d[0],
				 (unsigned long)a->v[n].d[1], (unsigned long)a->v[n].d[0]);
			return text;
		}
	}
	snprintf(text, sizeof(text), "NZCV %x, not %x; FPSR %#x, not %#x; FPCR %#x; %lu, not %lu%s",
		 b->nzcv, a->nzcv, b->fpsr, a->fpsr, b->fpcr, (unsigned long)b->instructions,
		 (unsigned long)a->instructions,
		 memcmp(a->memory, b->memory, sizeof(a->memory)) ? "; memory" : "");
	return text;
}

static void report(struct differential *d, const uint32_t *words, unsigned count)
{
	struct a64_insn insn;

	for (unsigned n = 0; n < count; n++) {
		const char *name = a64_ops[a64_decode(words[n], d->cpu->features, &insn)].name;

		cr_log_error("%08x %s d %016lx:%016lx n %016lx:%016lx m %016lx:%016lx", words[n],
			     name, (unsigned long)d->before.v[words[n] & 31].d[1],
			     (unsigned long)d->before.v[words[n] & 31].d[0],
			     (unsigned long)d->before.v[words[n] >> 5 & 31].d[1],
			     (unsigned long)d->before.v[words[n] >> 5 & 31].d[0],
			     (unsigned long)d->before.v[words[n] >> 16 & 31].d[1],
			     (unsigned long)d->before.v[words[n] >> 16 & 31].d[0]);
	}
	cr_assert_fail("%s", difference(&d->interpreted, &d->translated));
}

void differential_check(struct differential *d, const uint32_t *words, unsigned count)
{
	struct a64_jit *jit = d->cpu->jit;

	cr_assert(count <= DIFFERENTIAL_INSNS);
	page_fill(d, words, count);
	state_save(d, &d->before);
	d->page.insns[count].exec = stop;
	execute(d, &d->interpreted, count);
	state_restore(d, &d->before);
	d->page.insns[count].exec = NULL;
	jit->used = jit->start;
	cr_assert(jit_translate(d->cpu, d->page.insns), "%#x is not translated", words[0]);
	d->page.insns[count].exec = stop;
	execute(d, &d->translated, count);
	if (memcmp(&d->interpreted, &d->translated, sizeof(d->translated)))
		report(d, words, count);
}
