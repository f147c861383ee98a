/*
 * Address spaces that change under the threads that use them: after munmap(), mmap() or mprotect()
 * has returned, no CPU may use the old translation; after __builtin___clear_cache(), none the old
 * instructions.
 */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stress.h"

#define PAGE 4096

static void *map(struct workload *w, void *at, size_t size, int protection)
{
	void *mapped = mmap(at, size, protection,
			    MAP_PRIVATE | MAP_ANONYMOUS | (at ? MAP_FIXED : 0), -1, 0);

	if (mapped == MAP_FAILED)
		fail(w, "mmap: %s", strerror(errno));
	return mapped;
}

/* ---- Remapping while others read ---- */

#define ALIASES 16	      /* pages of a file that one address shows in turn */
#define FRESH	(THREADS * 8) /* pages that are replaced by new ones */

static struct {
	struct step step;
	int file;
	uint64_t *window;  /* the page that is remapped */
	uint64_t *aliases; /* all pages of the file, at addresses of their own */
	uint64_t floor;	   /* the window shows at least this */
	uint8_t *fresh;
} remap;

/* Page n of the file holds the number of the turn in which it was last shown. */
static void show(struct workload *w, uint64_t turn)
{
	uint64_t page = turn % ALIASES;

	__atomic_store_n(&remap.aliases[page * PAGE / 8], turn, __ATOMIC_RELAXED);
	check(w,
	      mmap(remap.window, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, remap.file,
		   (off_t)(page * PAGE)) == remap.window,
	      "mmap: %s", strerror(errno));
	__atomic_store_n(&remap.floor, turn, __ATOMIC_RELEASE);
}

static void watch(struct workload *w)
{
	uint64_t floor = __atomic_load_n(&remap.floor, __ATOMIC_ACQUIRE);
	uint64_t seen = __atomic_load_n(remap.window, __ATOMIC_RELAXED);

	check(w, seen >= floor, "a page that was replaced: turn %llu after %llu",
	      (unsigned long long)seen, (unsigned long long)floor);
}

/* Each has written to all pages; now they are new, hence zero. */
static void use_fresh(struct workload *w, unsigned index)
{
	for (unsigned n = 0; n < FRESH; n++) {
		uint64_t *word = (uint64_t *)(remap.fresh + n * PAGE) + index * 8;

		check(w, *word == 0, "a page that was unmapped is still there");
		*word = index + 1;
	}
	step_wait(&remap.step);
	for (unsigned n = 0; n < FRESH; n++)
		for (unsigned other = 0; other < THREADS; other++)
			check(w, ((uint64_t *)(remap.fresh + n * PAGE))[other * 8] == other + 1,
			      "threads see different pages at one address");
}

static void remap_thread(struct workload *w, unsigned index)
{
	uint64_t turn = 1;

	while (step_begin(&remap.step, w)) {
		if (index == 0) {
			munmap(remap.fresh, FRESH * PAGE);
			map(w, remap.fresh, FRESH * PAGE, PROT_READ | PROT_WRITE);
		}
		step_wait(&remap.step);
		use_fresh(w, index);
		for (unsigned n = 0; n < 20; n++, turn++) {
			if (index == 0)
				show(w, turn);
			else
				for (unsigned again = 0; again < 200; again++)
					watch(w);
		}
		count_round(w);
	}
}

void run_remap(struct workload *w)
{
	step_init(&remap.step);
	remap.file = memfd_create("stress", 0);
	check(w, remap.file >= 0 && ftruncate(remap.file, ALIASES * PAGE) == 0, "memfd");
	remap.aliases =
		mmap(NULL, ALIASES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, remap.file, 0);
	check(w, remap.aliases != MAP_FAILED, "mmap: %s", strerror(errno));
	remap.window = map(w, NULL, PAGE, PROT_READ);
	remap.fresh = map(w, NULL, FRESH * PAGE, PROT_READ | PROT_WRITE);
	show(w, 0);
	run_threads(w, remap_thread);
}

/* ---- Protections ---- */

#define PROTECTED 24

static struct {
	struct step step;
	uint8_t *pages;
} protect;

static __thread sigjmp_buf fault_return;
static __thread volatile sig_atomic_t fault_expected;
static __thread void *volatile fault_address;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	if (!fault_expected)
		_exit(3);
	fault_address = info->si_addr;
	siglongjmp(fault_return, 1);
}

static void catch_faults(void)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

/* Does the access fault, at this address? */
static bool faults(volatile uint8_t *at, bool write)
{
	bool faulted = true;

	fault_expected = 1;
	fault_address = NULL;
	if (sigsetjmp(fault_return, 1) == 0) {
		if (write)
			*at = 1;
		else
			(void)*at;
		faulted = false;
	}
	fault_expected = 0;
	return faulted && fault_address == at;
}

/* Thread 0 sets what everybody then finds. */
static void set_protection(struct workload *w, unsigned index, int protection)
{
	step_wait(&protect.step);
	if (index == 0)
		check(w, mprotect(protect.pages, PROTECTED * PAGE, protection) == 0, "mprotect: %s",
		      strerror(errno));
	step_wait(&protect.step);
}

static void check_protection(struct workload *w, unsigned index, int protection)
{
	for (unsigned n = index % 2; n < PROTECTED; n += 5) {
		volatile uint8_t *at = protect.pages + n * PAGE + index;

		check(w, faults(at, false) == !(protection & PROT_READ), "reading with %d",
		      protection);
		check(w, faults(at, true) == !(protection & PROT_WRITE), "writing with %d",
		      protection);
	}
}

static void protect_thread(struct workload *w, unsigned index)
{
	static const int protections[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
					  PROT_READ, PROT_NONE, PROT_READ | PROT_WRITE};
	uint8_t *own = map(w, NULL, 2 * PAGE, PROT_READ | PROT_WRITE);

	while (step_begin(&protect.step, w)) {
		for (unsigned n = 0; n < sizeof(protections) / sizeof(protections[0]); n++) {
			set_protection(w, index, protections[n]);
			check_protection(w, index, protections[n]);
		}
		/* Each its own as well, so that shootdowns from all CPUs cross. */
		own[0] = own[PAGE] = 1;
		mprotect(own, 2 * PAGE, PROT_NONE);
		check(w, faults(own, false) && faults(own + PAGE, true), "a page of its own");
		mprotect(own, 2 * PAGE, PROT_READ | PROT_WRITE);
		check(w, own[0] == 1 && own[PAGE] == 1, "a page of its own lost what it held");
		count_round(w);
	}
}

void run_protect(struct workload *w)
{
	step_init(&protect.step);
	protect.pages = map(w, NULL, PROTECTED * PAGE, PROT_READ | PROT_WRITE);
	memset(protect.pages, 1, PROTECTED * PAGE);
	catch_faults();
	run_threads(w, protect_thread);
}

/* ---- Code ---- */

#define FUNCTIONS 32 /* each at a place of its own, in two pages */
#define DISTANCE  (2 * PAGE / FUNCTIONS)

static struct {
	struct step step;
	uint8_t *pages;
} code;

/* MOVZ W0, #value; RET. */
static void write_function(uint8_t *at, uint64_t value)
{
	uint32_t *word = (uint32_t *)at;

	word[0] = 0x52800000 | (uint32_t)(value & 0xffff) << 5;
	word[1] = 0xd65f03c0;
}

static void write_functions(uint64_t turn)
{
	for (unsigned n = 0; n < FUNCTIONS; n++)
		write_function(code.pages + n * DISTANCE, turn * 7 + n);
	__builtin___clear_cache((char *)code.pages, (char *)code.pages + 2 * PAGE);
}

static void call_functions(struct workload *w, uint64_t turn)
{
	/* The others' instructions are only fetched anew after a context synchronization event. */
	__asm__ volatile("isb" ::: "memory");
	for (unsigned n = 0; n < FUNCTIONS; n++) {
		unsigned (*function)(void);
		uint8_t *at = code.pages + n * DISTANCE;

		memcpy(&function, &at, sizeof(function));
		check(w, function() == ((turn * 7 + n) & 0xffff), "old instructions were executed");
	}
}

/* Any thread may be the one that writes; sometimes into new pages. */
static void code_thread(struct workload *w, unsigned index)
{
	uint64_t turn = 0;

	while (step_begin(&code.step, w)) {
		if (turn % THREADS == index) {
			if (turn % 16 >= 12) {
				munmap(code.pages, 2 * PAGE);
				map(w, code.pages, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
			}
			write_functions(turn);
		}
		step_wait(&code.step);
		call_functions(w, turn++);
		count_round(w);
	}
}

void run_code(struct workload *w)
{
	step_init(&code.step);
	code.pages = map(w, NULL, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
	run_threads(w, code_thread);
}
