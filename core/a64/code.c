/*
 * Decode once. A page of decoded instructions starts with every slot pointing at a64_exec_decode,
 * which replaces the slot by the real instruction and executes it. The slot after the last one is
 * an end marker that goes on in the next page.
 */
#include "core/a64/code.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/a64/debug.h"
#include "core/a64/decode.h"
#include "core/a64/exception.h"
#include "core/a64/mmu.h"
#include "core/vm.h"

/* Pages kept at most: 42 KiB each. When they are all in use, all are dropped. */
#define PAGES_MAX 2048
#define BUCKETS	  4096

/* The address stands beside the first page, which is far away: most searches end without a look at it. */
struct bucket {
	uint64_t pa;
	struct a64_code_page *first;
};

struct a64_code {
	struct a64_code_page *pages; /* PAGES_MAX, in memory that is allocated on first touch */
	unsigned used;		     /* pages[used..] were never touched */
	struct a64_code_page *free;
	struct bucket buckets[BUCKETS];
	struct a64_code_page *step; /* for instructions that are executed alone */
	unsigned step_slot;	    /* the one of its slots that is not exec_stop */
};

static a64_exec exec_decode, exec_page_end, exec_stop;

int a64_code_init(struct a64_cpu *cpu, struct error *err)
{
	struct a64_code *code = calloc(1, sizeof(*code));
	void *pages =
		mmap(NULL, (PAGES_MAX + 1) * sizeof(struct a64_code_page), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	unsigned n;

	if (!code || pages == MAP_FAILED) {
		free(code);
		if (pages != MAP_FAILED)
			munmap(pages, (PAGES_MAX + 1) * sizeof(struct a64_code_page));
		return error_set(err, ERROR_NO_MEMORY, "no memory for decoded code");
	}
	code->pages = pages;
	code->step = &code->pages[PAGES_MAX];
	for (n = 0; n <= A64_CODE_INSNS; n++)
		code->step->insns[n].exec = exec_stop;
	cpu->code = code;
	return 0;
}

void a64_code_destroy(struct a64_cpu *cpu)
{
	if (!cpu->code)
		return;
	munmap(cpu->code->pages, (PAGES_MAX + 1) * sizeof(struct a64_code_page));
	free(cpu->code);
	cpu->code = NULL;
}

static _Atomic uint16_t *owners_of(struct a64_shared *shared, uint64_t pa)
{
	uint64_t page = (pa - shared->vm->memory.base) >> 12;

	return page < shared->pages ? &shared->code_owners[page] : NULL;
}

uint16_t a64_code_owners(struct a64_shared *shared, uint64_t pa)
{
	_Atomic uint16_t *owners = owners_of(shared, pa);

	return owners ? *owners : 0;
}

static struct bucket *bucket_of(struct a64_code *code, uint64_t pa)
{
	return &code->buckets[(pa >> 12) & (BUCKETS - 1)];
}

static struct a64_code_page *page_take(struct a64_cpu *cpu)
{
	struct a64_code *code = cpu->code;
	struct a64_code_page *page = code->free;

	if (page) {
		code->free = page->next;
		return page;
	}
	if (code->used == PAGES_MAX) {
		a64_code_forget_all(cpu);
		return page_take(cpu);
	}
	return &code->pages[code->used++];
}

static struct a64_code_page *page_create(struct a64_cpu *cpu, uint64_t pa)
{
	struct a64_code_page *page = page_take(cpu);
	struct bucket *bucket = bucket_of(cpu->code, pa);
	unsigned n;

	for (n = 0; n < A64_CODE_INSNS; n++)
		page->insns[n].exec = exec_decode;
	page->insns[A64_CODE_INSNS].exec = exec_page_end;
	for (n = 0; cpu->jit && n < A64_CODE_INSNS; n++)
		page->bodies[n] = cpu->code_untranslated;
	memset(page->heat, 0, cpu->jit ? sizeof(page->heat) : 0);
	page->heat[A64_CODE_INSNS] = UINT8_MAX;
	page->pa = pa;
	page->next = bucket->first;
	*bucket = (struct bucket){pa, page};
	/* Before the first word is read, so that an IC IVAU that comes after a change finds us. */
	__atomic_fetch_or((uint16_t *)owners_of(cpu->shared, pa),
			  (uint16_t)(1u << cpu->vcpu->index), __ATOMIC_SEQ_CST);
	return page;
}

static struct a64_code_page *page_find(struct a64_cpu *cpu, uint64_t pa)
{
	const struct bucket *bucket = bucket_of(cpu->code, pa);
	struct a64_code_page *page = bucket->first;

	if (bucket->pa == pa)
		return page;
	while (page && page->pa != pa)
		page = page->next;
	return page;
}

static void disown(struct a64_cpu *cpu, uint64_t pa)
{
	__atomic_fetch_and((uint16_t *)owners_of(cpu->shared, pa),
			   (uint16_t)~(1u << cpu->vcpu->index), __ATOMIC_SEQ_CST);
}

void a64_code_forget(struct a64_cpu *cpu, uint64_t pa)
{
	struct bucket *bucket = bucket_of(cpu->code, pa);
	struct a64_code_page **link = &bucket->first, *page;

	while (*link && (*link)->pa != pa)
		link = &(*link)->next;
	page = *link;
	if (!page)
		return;
	a64_stop_clear(cpu);
	*link = page->next;
	bucket->pa = bucket->first ? bucket->first->pa : 0;
	page->next = cpu->code->free;
	cpu->code->free = page;
	disown(cpu, pa);
	a64_fetch_invalidate(cpu);
}

void a64_code_forget_all(struct a64_cpu *cpu)
{
	struct a64_code *code = cpu->code;
	unsigned n;

	a64_stop_clear(cpu);
	for (n = 0; n < BUCKETS; n++) {
		struct a64_code_page *page = code->buckets[n].first;

		for (; page; page = page->next)
			disown(cpu, page->pa);
	}
	memset(code->buckets, 0, sizeof(code->buckets));
	code->free = NULL;
	code->used = 0;
	a64_fetch_invalidate(cpu);
}

/* Translate pc for execution: physical address of the instruction, in RAM. */
static uint64_t translate_fetch(struct a64_cpu *cpu, uint64_t pc)
{
	struct a64_translation translation;

	if (pc & 3)
		a64_raise_at(cpu, pc, A64_EC_PC_ALIGNMENT, 0);
	if (!a64_translate(cpu, pc, A64_EXECUTE, cpu->el, false, &translation))
		a64_raise_at(cpu, pc, A64_EC_INSN_ABORT, translation.fsc);
	if (!memory_at(&cpu->vcpu->vm->memory, translation.pa & ~A64_PAGE_MASK, MEMORY_PAGE_SIZE))
		a64_raise_at(cpu, pc, A64_EC_INSN_ABORT, A64_FSC_EXTERNAL);
	return translation.pa;
}

/* To the run loop, which goes on at pc. */
static _Noreturn void leave_at(struct a64_cpu *cpu, uint64_t pc)
{
	cpu->pc = pc;
	longjmp(cpu->leave, 1);
}

static const struct a64_insn *fetch_slow(struct a64_cpu *cpu, uint64_t pc)
{
	struct a64_fetch_entry *entry;
	struct a64_code_page *page;
	uint64_t pa;

	/* A branch to a tagged address: no entry is ever made for one, so it comes here. */
	pc = a64_branch_address(cpu, pc);
	/* A branch that is executed alone ends here: what its target's fetch does comes later. */
	if (cpu->alone) {
		cpu->pc = pc;
		a64_step_done(cpu);
		leave_at(cpu, pc);
	}
	/* In a page with a breakpoint each instruction is executed alone. */
	if (a64_debug_breaks_page(cpu, pc))
		leave_at(cpu, pc);
	pa = translate_fetch(cpu, pc) & ~A64_PAGE_MASK;
	entry = &cpu->tlb.fetches[(pc >> 12) & (A64_FETCH_SIZE - 1)];
	page = page_find(cpu, pa);
	if (!page)
		page = page_create(cpu, pa);
	entry->tag = (pc & ~A64_PAGE_MASK) | cpu->tlb.fetch[pc >> 63];
	entry->insns = page->insns;
	cpu->code_insns = page->insns;
	cpu->code_va = pc & ~A64_PAGE_MASK;
	return page->insns + ((pc & A64_PAGE_MASK) >> 2);
}

const struct a64_insn *a64_fetch(struct a64_cpu *cpu, uint64_t pc)
{
	const struct a64_fetch_entry *entry = &cpu->tlb.fetches[(pc >> 12) & (A64_FETCH_SIZE - 1)];

	if (__builtin_expect(entry->tag != ((pc & ~A64_PAGE_MASK) | cpu->tlb.fetch[pc >> 63]) ||
				     (pc & 3),
			     0))
		return fetch_slow(cpu, pc);
	cpu->code_insns = entry->insns;
	cpu->code_va = pc & ~A64_PAGE_MASK;
	return entry->insns + ((pc & A64_PAGE_MASK) >> 2);
}

const struct a64_insn *a64_jump(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t pc)
{
	cpu->instructions += (uint64_t)(i - cpu->run_start) + 1;
	cpu->run_start = i + 1;
	return a64_fetch(cpu, pc);
}

/* Decode the word into the slot; `insns` are the slot's page, for targets inside it. */
static void decode_slot(struct a64_cpu *cpu, struct a64_insn *insns, unsigned index, uint32_t word)
{
	struct a64_insn *slot = &insns[index];
	enum a64_op op = a64_decode(word, cpu->features, slot);
	unsigned flags = a64_ops[op].flags;

	if (flags & A64_OP_DIRECT) {
		int64_t target = (int64_t)index + slot->imm / 4;

		if (target >= 0 && target < A64_CODE_INSNS)
			slot->target = &insns[target];
	}
	if (flags & A64_OP_SYSREG)
		slot->sysreg = sysreg_find(&cpu->vcpu->vm->sysregs, (uint16_t)slot->uimm);
}

static uint32_t read_word(struct a64_cpu *cpu, uint64_t pa)
{
	const uint32_t *word = memory_at(&cpu->vcpu->vm->memory, pa, 4);

	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

bool a64_code_decoded(const struct a64_insn *i)
{
	return i->exec != exec_decode && i->exec != NULL;
}

static const struct a64_insn *exec_decode(struct a64_cpu *cpu, const struct a64_insn *i)
{
	/* The slot lies in a page of this vCPU's own arena, which is writable. */
	struct a64_code_page *page = (struct a64_code_page *)(uintptr_t)cpu->code_insns;
	unsigned index = (unsigned)(i - page->insns);

	decode_slot(cpu, page->insns, index, read_word(cpu, page->pa + index * 4));
	return i->exec(cpu, i);
}

static const struct a64_insn *exec_page_end(struct a64_cpu *cpu, const struct a64_insn *i)
{
	cpu->instructions += (uint64_t)(i - cpu->run_start);
	cpu->run_start = i;
	return a64_fetch(cpu, cpu->code_va + MEMORY_PAGE_SIZE);
}

static const struct a64_insn *exec_stop(struct a64_cpu *cpu, const struct a64_insn *i)
{
	cpu->instructions += (uint64_t)(i - cpu->run_start);
	cpu->run_start = i;
	return i;
}

void a64_stop_clear(struct a64_cpu *cpu)
{
	if (!cpu->stop)
		return;
	cpu->stop->exec = cpu->stop_exec;
	cpu->stop = NULL;
}

void a64_stop_before(struct a64_cpu *cpu, const struct a64_insn *slot)
{
	a64_stop_clear(cpu);
	cpu->stop = (struct a64_insn *)(uintptr_t)slot; /* as in exec_decode, it is writable */
	cpu->stop_exec = slot->exec;
	cpu->stop->exec = exec_stop;
}

const struct a64_insn *a64_fetch_step(struct a64_cpu *cpu, uint64_t pc)
{
	struct a64_code_page *page = cpu->code->step;
	uint64_t pa = translate_fetch(cpu, pc);
	unsigned index = (unsigned)(pa & A64_PAGE_MASK) >> 2;

	if (a64_debug_breaks(cpu, pc))
		a64_raise_at(cpu, pc, A64_EC_BREAKPOINT, A64_FSC_DEBUG);
	page->insns[cpu->code->step_slot].exec = exec_stop;
	cpu->code->step_slot = index;
	page->pa = pa & ~A64_PAGE_MASK;
	decode_slot(cpu, page->insns, index, read_word(cpu, pa));
	cpu->code_insns = page->insns;
	cpu->code_va = pc & ~A64_PAGE_MASK;
	return &page->insns[index];
}

A64_BRANCH(UNDEFINED)
{
	a64_raise_undefined(cpu, i);
}
