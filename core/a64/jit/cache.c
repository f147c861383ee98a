/*
 * The code cache of a vCPU: one piece of memory, mapped twice, so that no page is ever writable and
 * executable. It fills up from its start; when it is full everything is dropped.
 *
 * At its start are the constants and the thunks that all regions share; the conventions are in jit.h.
 */
#include <cpuid.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "core/a64/exception.h"
#include "core/a64/jit/jit.h"
#include "core/a64/jit/vector.h"

static void free_jit(struct a64_jit *jit)
{
	if (jit->writable)
		munmap(jit->writable, jit->size);
	if (jit->executable)
		munmap((void *)(uintptr_t)jit->executable, jit->size);
	free(jit->translator);
	free(jit);
}

/*
 * Shared anonymous memory, and not a memfd: perf looks into its map of a process for such memory
 * alone. An old size of 0 is mremap's way to map the same pages a second time.
 */
static int map_cache(struct a64_jit *jit, struct error *err)
{
	void *writable, *executable = MAP_FAILED;

	writable = mmap(NULL, jit->size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (writable != MAP_FAILED)
		executable = mremap(writable, 0, jit->size, MREMAP_MAYMOVE);
	jit->writable = writable == MAP_FAILED ? NULL : writable;
	jit->executable = executable == MAP_FAILED ? NULL : executable;
	if (!jit->writable || !jit->executable ||
	    mprotect(executable, jit->size, PROT_READ | PROT_EXEC) < 0)
		return error_set(err, ERROR_NO_MEMORY, "no memory for translated code");
	return 0;
}

/* Not every compiler's __builtin_cpu_supports() knows that name. */
static bool has_lzcnt(void)
{
	unsigned eax, ebx, ecx, edx;

	return __get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) && (ecx & bit_LZCNT);
}

/* SHA: CPUID leaf 7, EBX bit 29, which the compiler's function does not know. */
static bool host_has_sha(void)
{
	unsigned a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

static struct jit_host host_features(void)
{
	__builtin_cpu_init();
	return (struct jit_host){
		.bmi2 = __builtin_cpu_supports("bmi2"),
		.lzcnt = has_lzcnt(),
		.fma = __builtin_cpu_supports("fma"),
		.avx = __builtin_cpu_supports("avx"),
		.aes = __builtin_cpu_supports("aes"),
		.pclmul = __builtin_cpu_supports("pclmul"),
		.sha = host_has_sha(),
	};
}

int jit_cache_init(struct a64_cpu *cpu, size_t size, struct error *err)
{
	struct a64_jit *jit = calloc(1, sizeof(*jit));
	struct code code;

	if (!jit)
		return error_set(err, ERROR_NO_MEMORY, "no memory for translated code");
	jit->size = size;
	jit->translator = malloc(sizeof(*jit->translator));
	if (!jit->translator || map_cache(jit, err) < 0) {
		free_jit(jit);
		return error_set(err, ERROR_NO_MEMORY, "no memory for translated code");
	}
	jit->host = host_features();
	jit->table_of = jit_ops_index();
	cpu->jit = jit;
	code = (struct code){.p = jit->writable, .end = jit->writable + jit->size};
	jit_constants_emit(jit, &code);
	jit_thunks_emit(cpu, &code);
	jit->start = jit->used = ((size_t)(code.p - jit->writable) + 63) & ~(size_t)63;
	return 0;
}

void jit_cache_destroy(struct a64_cpu *cpu)
{
	if (cpu->jit)
		free_jit(cpu->jit);
	cpu->jit = NULL;
}
