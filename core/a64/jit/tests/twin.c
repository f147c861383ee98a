#include "core/a64/jit/tests/twin.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "core/a64/code.h"
#include "core/a64/debug.h"
#include "core/a64/exception.h"
#include "core/a64/exclusive.h"
#include "core/a64/interp.h"
#include "core/a64/jit/jit.h"
#include "core/a64/mmu.h"
#include "core/a64/work.h"
#include "core/vm.h"

/* Pages of RAM, from its start. */
enum {
	PAGE_CODE,
	PAGE_LEVEL1,
	PAGE_LEVEL2,
	PAGE_LEVEL3,
	PAGE_VECTORS,
	PAGE_DATA = 16, /* and the next 15 */
	DATA_PAGES = 16,
};

/* With 39 bits of address in each half. */
#define UPPER	0xffffff8000000000ULL
#define VA_MASK 0x0000007fffffffffULL

#define TCR \
	(25ULL | 25ULL << 16 | 2ULL << 30 /* 4K in both */ | 2ULL << 32 /* 40 bits */ | A64_TCR_AS)
#define MAIR 0x00ffULL /* 0 is Normal, 1 is Device */

#define WORD_B_NEXT 0x14000001u

/* What is compared. */
struct state {
	uint64_t x[A64_SP + 1];
	union a64_vreg v[32];
	unsigned nzcv;
	uint8_t el, sp_select, daif, pan, uao, ssbs, step, illegal;
	uint32_t fpcr, fpsr;
	struct a64_sysregs sys;
	bool exclusive, event, wait;
	uint8_t exclusive_size;
	uint64_t exclusive_pa, exclusive_value[2];
	uint32_t monitors_armed;
	uint64_t instructions, exceptions;
	uint64_t pc;
	bool raised; /* it went to the run loop from within an instruction */
	uint8_t lines[sizeof(((struct a64_shared *)0)->lines)];
	uint8_t data[DATA_PAGES << 12];
};

struct twin {
	struct vm *vm;
	struct a64_cpu *cpu;
	uint8_t *ram;
	uint64_t seed;
	uint64_t patterns[4];
	bool debugged; /* breakpoints and watchpoints may have been enabled */
	struct state before, interpreted, translated;
};

/* xorshift64* (Vigna, 2016). */
uint64_t twin_random(struct twin *twin)
{
	twin->seed ^= twin->seed >> 12;
	twin->seed ^= twin->seed << 25;
	twin->seed ^= twin->seed >> 27;
	return twin->seed * 0x2545f4914f6cdd1d;
}

static bool one_in(struct twin *twin, unsigned n)
{
	return twin_random(twin) % n == 0;
}

struct a64_cpu *twin_cpu(struct twin *twin)
{
	return twin->cpu;
}

/* ---- The machine ---- */

#define PAGE	 0x403ULL /* AF, page */
#define USER	 (1ULL << 6)
#define READONLY (1ULL << 7)
#define DEVICE	 (1ULL << 2)
#define NG	 (1ULL << 11)
#define NO_AF	 (1ULL << 10)

static uint64_t page_pa(unsigned page)
{
	return VM_RAM_BASE + ((uint64_t)page << 12);
}

static void write_tables(struct twin *twin)
{
	/* What stands in the descriptors of data pages beyond PAGE. */
	static const uint64_t kinds[DATA_PAGES] = {
		0,
		0,
		0,
		0,
		USER,
		USER,
		USER | NG,
		USER | NG,
		USER | READONLY,
		USER | READONLY,
		READONLY,
	};
	uint64_t *level1 = (uint64_t *)(void *)(twin->ram + (PAGE_LEVEL1 << 12));
	uint64_t *level2 = (uint64_t *)(void *)(twin->ram + (PAGE_LEVEL2 << 12));
	uint64_t *level3 = (uint64_t *)(void *)(twin->ram + (PAGE_LEVEL3 << 12));

	level1[VM_RAM_BASE >> 30] = page_pa(PAGE_LEVEL2) | 3;
	level2[0] = page_pa(PAGE_LEVEL3) | 3;
	level3[PAGE_CODE] = page_pa(PAGE_CODE) | PAGE | USER | READONLY;
	level3[PAGE_VECTORS] = page_pa(PAGE_VECTORS) | PAGE | READONLY;
	for (unsigned n = 0; n < DATA_PAGES; n++)
		level3[PAGE_DATA + n] = page_pa(PAGE_DATA + n) | PAGE | kinds[n];
	level3[PAGE_DATA + 11] = 0;
	level3[PAGE_DATA + 12] |= DEVICE | USER;
	level3[PAGE_DATA + 13] &= ~NO_AF;
	level3[PAGE_DATA + 14] = PAGE | USER; /* physical address 0: no RAM, no device */
}

struct twin *twin_new(unsigned cpus)
{
	struct error err = {0};
	const struct vm_config config = {
		.engine = engine_find("jit", &err), .cpus = cpus, .memory = VM_MEMORY_MIN};
	size_t size = (sizeof(struct twin) + 63) & ~(size_t)63;
	struct twin *twin = aligned_alloc(64, size);

	cr_assert(twin != NULL);
	memset(twin, 0, size);
	twin->seed = 1;
	cr_assert_eq(vm_create(&twin->vm, &config, &err), 0, "%s", err.text);
	for (unsigned n = 0; n < cpus; n++)
		cr_assert_eq(config.engine->vcpu_reset(&twin->vm->vcpus[n], &err), 0, "%s",
			     err.text);
	twin->cpu = a64_cpu_of(&twin->vm->vcpus[0]);
	twin->ram = memory_at(&twin->vm->memory, VM_RAM_BASE, VM_MEMORY_MIN);
	write_tables(twin);
	return twin;
}

void twin_free(struct twin *twin)
{
	vm_destroy(twin->vm);
	free(twin);
}

uint32_t twin_word(struct twin *twin, enum a64_op op)
{
	const struct a64_op_info *info = &a64_ops[op];
	struct a64_insn insn;

	for (unsigned attempt = 0; attempt < 65536; attempt++) {
		uint32_t word = ((uint32_t)twin_random(twin) & ~info->mask) | info->value;

		if (a64_decode(word, twin->cpu->features, &insn) == op)
			return word;
	}
	cr_assert_fail("no word is %s", info->name);
	return 0;
}

/* ---- States ---- */

static uint64_t half(struct twin *twin)
{
	return one_in(twin, 2) ? UPPER : 0;
}

uint64_t twin_address(struct twin *twin)
{
	/* Good pages, but for one in four. */
	unsigned page = (unsigned)(twin_random(twin) % (one_in(twin, 4) ? DATA_PAGES : 8));
	uint64_t offset = twin_random(twin) & 0xfff;

	if (!one_in(twin, 4))
		offset &= ~15ULL;
	else if (one_in(twin, 2))
		offset |= 0xff0; /* may cross into the next page */
	return half(twin) | (page_pa(PAGE_DATA + page) + offset);
}

static uint64_t number(struct twin *twin)
{
	switch (twin_random(twin) & 7) {
	case 0:
	case 1:
	case 2: return twin_address(twin);
	case 3: return twin_random(twin) & 63;
	case 4: return twin_random(twin);
	case 5: return 1ULL << (twin_random(twin) & 63);
	default: return twin->patterns[twin_random(twin) & 3];
	}
}

static void randomise_registers(struct twin *twin)
{
	struct a64_cpu *cpu = twin->cpu;

	for (unsigned n = 0; n < 4; n++)
		twin->patterns[n] = n == 0 ? 0 : n == 1 ? UINT64_MAX : twin_random(twin);
	for (unsigned n = 0; n <= A64_SP; n++)
		cpu->x[n] = number(twin);
	if (!one_in(twin, 8))
		cpu->x[A64_SP] &= ~15ULL;
	for (unsigned n = 0; n < 32; n++) {
		cpu->v[n].d[0] = number(twin);
		cpu->v[n].d[1] = number(twin);
	}
	a64_set_nzcv(cpu, twin_random(twin) & 15);
	cpu->fpcr = 0;
	cpu->fpsr = one_in(twin, 2) ? FPSR_IXC : 0;
}

static void randomise_system(struct twin *twin)
{
	struct a64_cpu *cpu = twin->cpu;
	struct a64_sysregs *sys = &cpu->sys;
	uint64_t *plain[] = {&sys->esr,		&sys->far,	 &sys->elr,
			     &sys->sp_el0,	&sys->sp_el1,	 &sys->tpidr_el0,
			     &sys->tpidrro_el0, &sys->tpidr_el1, &sys->contextidr};

	*sys = (struct a64_sysregs){
		.sctlr = A64_SCTLR_M |
			 (twin_random(twin) & (A64_SCTLR_SA | A64_SCTLR_SA0 | A64_SCTLR_UMA |
					       A64_SCTLR_DZE | A64_SCTLR_UCT | A64_SCTLR_UCI)),
		.cpacr = one_in(twin, 8) ? twin_random(twin) & 3ULL << 20 : 3ULL << 20,
		.ttbr0 = page_pa(PAGE_LEVEL1) | 1ULL << 48,
		.ttbr1 = page_pa(PAGE_LEVEL1),
		.tcr = TCR,
		.mair = MAIR,
		.vbar = UPPER | page_pa(PAGE_VECTORS),
		.mdscr = one_in(twin, 16) ? A64_MDSCR_SS | A64_MDSCR_KDE : 0,
	};
	if (one_in(twin, 16))
		sys->sctlr |= A64_SCTLR_A;
	for (unsigned n = 0; n < sizeof(plain) / sizeof(plain[0]); n++)
		*plain[n] = number(twin);
	sys->spsr = twin_random(twin) & 0xf0c003c0;
	if (one_in(twin, 2))
		sys->spsr |= 4 | (twin_random(twin) & 1);
	cpu->el = !one_in(twin, 4);
	cpu->sp_select = !one_in(twin, 8);
	cpu->daif = one_in(twin, 2) ? 0 : twin_random(twin) & 15;
	cpu->pan = one_in(twin, 2);
	cpu->uao = one_in(twin, 8);
	cpu->ssbs = cpu->step = one_in(twin, 2);
	cpu->illegal = 0;
	cpu->vcpu->inputs = one_in(twin, 4) ? VCPU_IRQ : 0;
}

/* One that may look at loads or stores of a data page. */
static void set_watchpoint(struct twin *twin)
{
	struct a64_sysregs *sys = &twin->cpu->sys;

	twin->debugged = true;
	sys->mdscr |= A64_MDSCR_MDE | A64_MDSCR_KDE;
	sys->dbgwvr[0] = twin_address(twin) & ~7ULL;
	sys->dbgwcr[0] = 7 | (twin_random(twin) & 3) << 3 | 0xff << 5 | 12 << 24;
}

void twin_changed(struct twin *twin)
{
	struct a64_cpu *cpu = twin->cpu;

	a64_update_fp_trap(cpu);
	a64_update_contexts(cpu);
	if (twin->debugged || cpu->debug.breaking || cpu->debug.watching)
		a64_debug_update(cpu);
	cpu->attention = 0;
}

void twin_randomise(struct twin *twin)
{
	struct a64_cpu *cpu = twin->cpu;
	uint64_t *data = (uint64_t *)(void *)(twin->ram + (PAGE_DATA << 12));

	a64_clear_exclusive(cpu);
	randomise_registers(twin);
	randomise_system(twin);
	for (unsigned n = 0; n < DATA_PAGES << 9; n += 64)
		for (unsigned m = 0; m < 64; m++)
			data[n + m] = twin->patterns[(n >> 6 ^ m >> 1) & 3];
	/* All that was cached is still true: sometimes the TLB is empty all the same. */
	if (one_in(twin, 8))
		a64_tlb_init(cpu);
	if (one_in(twin, 16))
		set_watchpoint(twin);
	cpu->event = false;
	cpu->work.wait = twin->vm->cpus > 1 && one_in(twin, 4);
	twin_changed(twin);
	twin->debugged = cpu->debug.breaking || cpu->debug.watching;
}

void twin_calm(struct twin *twin)
{
	struct a64_cpu *cpu = twin->cpu;
	/* Immediate offsets reach up to 8 pages further. */
	uint64_t base = half(twin) | page_pa(PAGE_DATA);

	for (unsigned n = 0; n <= A64_SP; n++)
		cpu->x[n] = n < 24 || n == A64_SP ? base + (twin_random(twin) & 0x1ff0)
						  : twin_random(twin) & 0xf8;
	cpu->el = cpu->sp_select = 1;
	cpu->pan = cpu->uao = 0;
	cpu->sys.cpacr = 3ULL << 20;
	cpu->sys.sctlr &= ~A64_SCTLR_A;
	cpu->sys.mdscr = 0;
	twin_changed(twin);
}

void twin_reserve(struct twin *twin, uint64_t va, unsigned size)
{
	struct a64_cpu *cpu = twin->cpu;
	static const struct a64_insn none;
	uint64_t value[2];
	struct a64_translation translation;

	if ((va & (size - 1)) ||
	    !a64_translate(cpu, va, A64_READ, cpu->el, a64_pan(cpu), &translation) ||
	    (translation.attrs & A64_ATTR_DEVICE) || cpu->debug.watching)
		return;
	if (memory_at(&twin->vm->memory, translation.pa, size))
		a64_load_exclusive(cpu, &none, va, size, value);
}

static void state_save(const struct twin *twin, struct state *state)
{
	const struct a64_cpu *cpu = twin->cpu;

	memset(state, 0, sizeof(*state));
	memcpy(state->x, cpu->x, sizeof(state->x));
	memcpy(state->v, cpu->v, sizeof(state->v));
	state->nzcv = a64_nzcv(cpu);
	state->el = cpu->el;
	state->sp_select = cpu->sp_select;
	state->daif = cpu->daif;
	state->pan = cpu->pan;
	state->uao = cpu->uao;
	state->ssbs = cpu->ssbs;
	state->step = cpu->step;
	state->illegal = cpu->illegal;
	state->fpcr = cpu->fpcr;
	state->fpsr = cpu->fpsr;
	state->sys = cpu->sys;
	state->exclusive = cpu->exclusive;
	state->exclusive_size = cpu->exclusive_size;
	state->exclusive_pa = cpu->exclusive_pa;
	memcpy(state->exclusive_value, cpu->exclusive_value, sizeof(state->exclusive_value));
	state->event = cpu->event;
	state->wait = cpu->work.wait;
	state->monitors_armed = cpu->shared->monitors_armed;
	memcpy(state->lines, (const void *)cpu->shared->lines, sizeof(state->lines));
	state->instructions = cpu->instructions;
	state->exceptions = cpu->exceptions;
	memcpy(state->data, twin->ram + (PAGE_DATA << 12), sizeof(state->data));
}

static void state_restore(struct twin *twin, const struct state *state)
{
	struct a64_cpu *cpu = twin->cpu;
	bool moved = memcmp(&cpu->sys, &state->sys, offsetof(struct a64_sysregs, vbar)) != 0;

	memcpy(cpu->x, state->x, sizeof(state->x));
	memcpy(cpu->v, state->v, sizeof(state->v));
	a64_set_nzcv(cpu, state->nzcv);
	cpu->el = state->el;
	cpu->sp_select = state->sp_select;
	cpu->daif = state->daif;
	cpu->pan = state->pan;
	cpu->uao = state->uao;
	cpu->ssbs = state->ssbs;
	cpu->step = state->step;
	cpu->illegal = state->illegal;
	cpu->fpcr = state->fpcr;
	cpu->fpsr = state->fpsr;
	cpu->sys = state->sys;
	cpu->exclusive = state->exclusive;
	cpu->exclusive_size = state->exclusive_size;
	cpu->exclusive_pa = state->exclusive_pa;
	memcpy(cpu->exclusive_value, state->exclusive_value, sizeof(state->exclusive_value));
	cpu->event = state->event;
	cpu->work.wait = state->wait;
	cpu->shared->monitors_armed = state->monitors_armed;
	memcpy((void *)cpu->shared->lines, state->lines, sizeof(state->lines));
	cpu->instructions = state->instructions;
	cpu->exceptions = state->exceptions;
	memcpy(twin->ram + (PAGE_DATA << 12), state->data, sizeof(state->data));
	/* What is cached belongs to other tables, or to those with other rights. */
	if (moved)
		a64_tlb_init(cpu);
	twin_changed(twin);
}

/* ---- Execution ---- */

static void execute(struct twin *twin, uint64_t pc, bool translated, struct state *after)
{
	struct a64_cpu *cpu = twin->cpu;
	const struct a64_insn *i;

	if (_setjmp(cpu->leave)) {
		cpu->left(cpu);
		state_save(twin, after);
		after->pc = cpu->pc;
		after->raised = true;
		return;
	}
	i = a64_fetch(cpu, pc);
	if (translated) {
		cpu->jit->used = cpu->jit->start;
		cr_assert(jit_translate(cpu, i), "%#x is not translated", i->word);
	}
	cpu->run_start = i;
	i = i->exec(cpu, i);
	cpu->at = NULL;
	state_save(twin, after);
	after->pc = a64_pc(cpu, i);
}

/* Has the run loop to see to an interrupt, or to a step? */
static bool has_work(const struct twin *twin)
{
	const struct a64_cpu *cpu = twin->cpu;
	bool interrupted = (cpu->vcpu->inputs & VCPU_IRQ) && !(cpu->daif & 2);

	return interrupted || cpu->illegal || a64_stepping(cpu);
}

static bool is_asked(const struct twin *twin)
{
	return twin->cpu->attention & A64_ATTENTION_STATE;
}

/* The first difference, in words. */
static const char *difference(const struct state *a, const struct state *b)
{
	static char text[160];

	for (unsigned n = 0; n <= A64_SP; n++) {
		if (a->x[n] != b->x[n]) {
			snprintf(text, sizeof(text), "x%u is %#lx, not %#lx", n,
				 (unsigned long)b->x[n], (unsigned long)a->x[n]);
			return text;
		}
	}
	for (unsigned n = 0; n < DATA_PAGES << 12; n++) {
		if (a->data[n] != b->data[n]) {
			snprintf(text, sizeof(text), "memory at %#lx is %#x, not %#x",
				 (unsigned long)page_pa(PAGE_DATA) + n, b->data[n], a->data[n]);
			return text;
		}
	}
	snprintf(
		text, sizeof(text),
		"PC %#lx, not %#lx; ESR %#lx, not %#lx; %ld more instructions; NZCV %x, not %x%s%s",
		(unsigned long)b->pc, (unsigned long)a->pc, (unsigned long)b->sys.esr,
		(unsigned long)a->sys.esr, (long)(b->instructions - a->instructions), b->nzcv,
		a->nzcv, memcmp(a->v, b->v, sizeof(a->v)) ? "; vectors" : "",
		memcmp(&a->sys, &b->sys, sizeof(a->sys)) ? "; system registers" : "");
	return text;
}

static void write_code(struct twin *twin, unsigned slot, const uint32_t *words, unsigned count)
{
	uint8_t *code = twin->ram + (PAGE_CODE << 12) + 4 * slot;
	const uint32_t end = WORD_B_NEXT;

	memcpy(code, words, 4 * count);
	memcpy(code + 4 * count, &end, 4);
	a64_code_forget(twin->cpu, page_pa(PAGE_CODE));
}

static void report(const struct twin *twin, const uint32_t *words, unsigned count)
{
	struct a64_insn insn;

	for (unsigned n = 0; n < count; n++)
		cr_log_error("%#010x %s", words[n],
			     a64_ops[a64_decode(words[n], A64_FEATURES, &insn)].name);
	cr_assert_fail("at EL%u: %s", twin->before.el,
		       difference(&twin->interpreted, &twin->translated));
}

void twin_check(struct twin *twin, const uint32_t *words, unsigned count)
{
	unsigned slot = (unsigned)(twin_random(twin) % (A64_CODE_INSNS - count));
	uint64_t pc = half(twin) | (page_pa(PAGE_CODE) + 4 * slot);
	bool worked, asked[2];
	unsigned n;

	write_code(twin, slot, words, count);
	state_save(twin, &twin->before);
	for (n = 0; n < 2; n++) {
		state_restore(twin, &twin->before);
		worked = has_work(twin);
		execute(twin, pc, n, n ? &twin->translated : &twin->interpreted);
		asked[n] = !worked && has_work(twin) && is_asked(twin);
	}
	if (memcmp(&twin->interpreted, &twin->translated, sizeof(twin->translated)))
		report(twin, words, count);
	/* What the instructions have brought about must not wait for long. */
	cr_assert_eq(asked[0], asked[1], "%#010x: attention", words[0]);
	/* Whatever it did to the registers of translation and debug ends here. */
	state_restore(twin, &twin->before);
}
